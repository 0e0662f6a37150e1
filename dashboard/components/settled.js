// Waiting for the page: what was typed before a click belongs to it.
/** Waits until the server has answered to what was typed before the click, for 4 s at most. */
async function settled() {
  const end = Date.now() + 4000;
  let quiet = 0;
  while (quiet < 4 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    quiet = document.querySelector('[data-test-script-state="running"]') ? 0 : quiet + 1;
  }
}
