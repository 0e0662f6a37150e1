// Reruns the page around the live panel when the slider is idle.
export default function ({ setTriggerValue }) {
  page.follow = () => setTriggerValue("rested", true);
  return () => (page.follow = null);
}
