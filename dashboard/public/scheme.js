// Chooses light or dark before anything is drawn. A file of its own, because the server's
// Content-Security-Policy admits no script inside the page.
(function () {
  var wanted = null;
  try {
    wanted = window.localStorage.getItem("mantine-color-scheme-value");
  } catch {
    // Storage is closed to this page: the system's choice counts.
  }
  var dark =
    wanted === "dark" || (wanted !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
