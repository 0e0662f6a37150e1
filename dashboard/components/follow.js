// What a rested slider calls, so that the page around it follows.
export default function ({ setTriggerValue }) {
  page.follow = () => setTriggerValue("rested", true);
  return () => (page.follow = null);
}
