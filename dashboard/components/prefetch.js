// Receives prefetched contents of the live panel after the page was rendered.
export default function ({ data }) {
  const message = JSON.parse(new TextDecoder().decode(data));
  page.keep(message.inputs_id, message.contents);
}
