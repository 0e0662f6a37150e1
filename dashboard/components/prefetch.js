// Scenes of volumes nearby, which come behind the page.
export default function ({ data }) {
  const given = JSON.parse(new TextDecoder().decode(data));
  page.keep(given.basis, given.scenes);
}
