// Hands the options in a form's data to the device and its answer to the form; opens a ceremony's page by its link.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => {
    let raw = "";
    for (const one of new Uint8Array(buffer)) raw += String.fromCharCode(one);
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const show = (id) => { const one = document.getElementById(id); if (one) one.hidden = false; };
  const hide = (id) => { const one = document.getElementById(id); if (one) one.hidden = true; };

  async function get(said) {
    const asked = JSON.parse(said);
    const made = await navigator.credentials.get({
      publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) },
    });
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type,
      response: {
        clientDataJSON: text(made.response.clientDataJSON),
        authenticatorData: text(made.response.authenticatorData),
        signature: text(made.response.signature),
      },
    });
  }

  async function create(said) {
    const asked = JSON.parse(said);
    const made = await navigator.credentials.create({
      publicKey: {
        ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: known(asked.excludeCredentials),
      },
    });
    const response = made.response;
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type,
      response: {
        clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject),
        transports: response.getTransports ? response.getTransports() : [],
      },
    });
  }

  // Answers whether the form is complete: a passkey in hand confirms first, the next tap makes the new one.
  async function asked(form) {
    const data = form.dataset;
    if (data.get) {
      form.elements.answer.value = await get(data.get);
    } else if (data.confirm && !form.elements.confirmation.value) {
      form.elements.confirmation.value = await get(data.confirm);
      form.querySelector("button").textContent = data.then;
      return false;
    } else {
      form.elements.answer.value = await create(data.create);
    }
    return true;
  }

  const can = Boolean(window.PublicKeyCredential && navigator.credentials);
  const link = document.getElementById("act-link");
  const token = location.hash.slice(1);
  if (!can) {
    show("no-passkeys"); // the link stays in the address, for another browser
  } else if (link && token) {
    history.replaceState(null, "", location.pathname);
    document.getElementById("token").value = token;
    link.submit();
  }
  for (const form of document.querySelectorAll("form.passkey")) {
    const button = form.querySelector("button");
    if (!can) button.disabled = true;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      hide("not-done");
      try {
        if (await asked(form)) form.submit();
      } catch {
        show("not-done");
      }
      button.disabled = false;
      button.focus();
    });
  }
})();
