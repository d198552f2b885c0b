// Closes an open group of the bar on Escape and on a click elsewhere. Without scripts, a click on
// its name does.
const groups = document.querySelectorAll(".bar details");
for (const group of groups) {
  document.addEventListener("click", (event) => {
    if (!group.contains(event.target)) group.open = false;
  });
  group.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !group.open) return;
    group.open = false;
    group.querySelector("summary").focus();
  });
}
