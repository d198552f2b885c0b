// Tells the house that the list was opened. Without scripts nothing is told, and nothing is missing.
const form = document.getElementById("seen");
if (form) fetch(form.action, { method: "POST", body: new FormData(form) });
