// Sends a message to the kernel; while no answer comes, says so. Put before a widget's own script.
const PATIENCE_MS = 4000;
const NO_ANSWER = "The kernel has not answered yet. It may be busy; if it was restarted, run this cell again.";

// `say` shows a sentence; `again` shows what the kernel said last.
function patient(model, say, again) {
  let timer = 0, said = false;
  const complain = () => { said = true; say(NO_ANSWER); };
  const answered = (message) => {
    if (message.kind !== "answered") return;
    clearTimeout(timer);
    if (said) again(); // only then, or a screen reader would hear it twice
    said = false;
  };
  model.on("msg:custom", answered);
  return {
    send(message) {
      clearTimeout(timer);
      timer = setTimeout(complain, PATIENCE_MS);
      try { model.send(message); } catch { complain(); } // the line is closed
    },
    stop() {
      clearTimeout(timer);
      model.off("msg:custom", answered);
    },
  };
}
