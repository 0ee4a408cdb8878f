// A security key (WebAuthn): asks the browser for it and sends what it says with the form.
//
// Markup: <form data-security-key="create|get"> with a hidden input whose name ends in "credential", a disabled
// button [data-key-use], a place [data-key-trouble], and the options as JSON in #security-key-options.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

const ask = {
  create: ({ publicKey: asked }) => navigator.credentials.create({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: known(asked.excludeCredentials),
  } }),
  get: ({ publicKey: asked }) => navigator.credentials.get({ publicKey: {
    ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials),
  } }),
};

const said = (credential) => {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
};

for (const form of document.querySelectorAll("form[data-security-key]")) {
  const options = document.getElementById("security-key-options");
  const trouble = form.querySelector("[data-key-trouble]");
  const use = form.querySelector("[data-key-use]");
  if (!use) continue;
  use.disabled = false; // without this script it could do nothing
  use.addEventListener("click", async () => {
    const { creation_options: toCreate, request_options: toGet } = JSON.parse(options.textContent);
    try {
      const credential = await ask[form.dataset.securityKey](toCreate || toGet);
      form.querySelector("[name$=credential]").value = said(credential);
      form.requestSubmit();
    } catch {
      trouble.textContent = "The key did not answer, or this browser does not know keys. Try again, or use another way.";
    }
  });
}
