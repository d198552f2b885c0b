// Says in words when a chosen crontab runs: what django-celery-beat does inline, which our content
// security policy forbids.
const crontabs = JSON.parse(document.getElementById("readable-crontabs").textContent);
const choice = document.getElementById("id_crontab");
const words = document.querySelector(".field-crontab_translation");
if (words) words.hidden = true;
if (choice) {
  const help = document.createElement("div");
  help.className = "help";
  choice.closest(".field-crontab").append(help);
  const tell = () => {
    help.textContent = crontabs[choice.value] || "";
  };
  choice.addEventListener("change", tell);
  tell();
}
