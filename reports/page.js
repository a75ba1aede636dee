// Everything shown is set as text: nothing a guest printed is ever parsed as HTML.
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === 'on') for (const [event, what] of Object.entries(value)) node.addEventListener(event, what);
    else node.setAttribute(key, value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ''));
  return node;
}
const byId = id => document.getElementById(id);
const plural = (count, noun) => count + ' ' + noun + (count === 1 ? '' : 's');
const data = JSON.parse(byId('data').textContent);
function table(head, rows) {
  return el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, el('tr', {}, head.map(word => el('th', { scope: 'col' }, word)))), el('tbody', {}, rows.map(row => el('tr', {}, row.map(field => el('td', {}, field)))))));
}
// The slash key leads to the search.
addEventListener('keydown', event => { if (event.key === '/' && event.target !== byId('search')) { event.preventDefault(); byId('search').focus(); } });
