// Shows a text as it is, where the console expects an editor that it would fetch from another host.
(() => {
  const nothing = new Proxy(function () {}, {
    get: (target, name) =>
      name === 'then' || name === Symbol.iterator ? undefined : name === Symbol.toPrimitive ? () => '' : nothing,
    apply: () => nothing,
    construct: () => nothing,
  });
  const knowing = (known) =>
    new Proxy(known, { get: (target, name) => (name in target ? target[name] : nothing[name]) });

  const createModel = (text) => knowing({ getValue: () => text });

  const create = (container, options) => {
    const view = document.createElement('pre');
    view.style.cssText = 'height: 100%; margin: 0; overflow: auto; font-family: monospace; tab-size: 2';
    view.textContent = options.model ? options.model.getValue() : options.value;
    container.append(view);
    return knowing({
      getValue: () => view.textContent,
      setValue: (text) => (view.textContent = text),
      getModel: () => createModel(view.textContent),
      setModel: (model) => (view.textContent = model.getValue()),
      dispose: () => view.remove(),
    });
  };

  const editor = knowing({ create, createModel, getModel: () => null, getModels: () => [] });
  window.require = Object.assign((names, loaded) => loaded(knowing({ editor })), { config: () => {} });
})();
