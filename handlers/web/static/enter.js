// Takes a one-time token out of the address (it never reaches the server by GET) and hands it in by POST.
"use strict";
(() => {
  const form = document.getElementById("token-form");
  const token = location.hash.slice(1);
  if (!form || !token) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("token").value = token;
  if (!form.hasAttribute("data-wait")) form.submit();
})();
