'use strict';
// The page asks for what is new once a second, and draws again only when something is.

const $ = (id) => document.getElementById(id);
const SHAPES = {
  delivered: '<path d="M18 6 7 17l-5-5"/><path d="m22 10-7.5 7.5L13 16"/>',
  sent: '<path d="M20 6 9 17l-5-5"/>',
  queued: '<path d="M10.1 2.18a9.93 9.93 0 0 1 3.8 0M17.6 3.71a9.95 9.95 0 0 1 2.69 2.7M21.82 10.1a9.93 9.93 0 0 1 0 3.8M20.29 17.6a9.95 9.95 0 0 1-2.7 2.69M13.9 21.82a9.94 9.94 0 0 1-3.8 0M6.4 20.29a9.95 9.95 0 0 1-2.69-2.7M2.18 13.9a9.93 9.93 0 0 1 0-3.8M3.71 6.4a9.95 9.95 0 0 1 2.7-2.69"/>',
  failed: '<circle cx="12" cy="12" r="10"/><path d="m15 9-6 6M9 9l6 6"/>',
  reply: '<path d="m9 17-5-5 5-5"/><path d="M20 18v-2a4 4 0 0 0-4-4H4"/>',
  back: '<path d="m12 19-7-7 7-7M19 12H5"/>',
  send: '<path d="m5 12 7-7 7 7M12 19V5"/>',
};
const STATUS = {
  accepted: ['queued', 'Accepted'], queued: ['queued', 'Queued'], sending: ['queued', 'Sending'],
  sent: ['sent', 'Sent'], delivered: ['delivered', 'Delivered'], received: ['reply', 'Answered'],
  undelivered: ['failed', 'Failed'], failed: ['failed', 'Failed'], bounced: ['failed', 'Bounced'],
  complained: ['failed', 'Marked as spam'], suppressed: ['failed', 'Not sent'], delivery_delayed: ['queued', 'Delayed'],
};

let version = -1, opened = null, view = 'texts', asked = '', drawnMail = '', mailPart = 'mail';

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  svg.innerHTML = SHAPES[name];
  return svg;
}

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

function phone(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

const clock = (at) => new Date(at * 1000).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit' });

function day(at) {
  const date = new Date(at * 1000), now = new Date();
  if (date.toDateString() === now.toDateString()) return 'Today';
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return date.toLocaleDateString('en-US', { weekday: 'short', month: 'short', day: 'numeric', year });
}

const moment = (at) => (day(at) === 'Today' ? clock(at) : day(at).replace(/^\w+, /, ''));

function status(name, reason) {
  const [shape, word] = STATUS[name] || ['queued', name];
  const words = reason ? `${word}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}` : word;
  return el('span', { class: `s-${name}`, style: 'display:inline-flex;gap:4px;align-items:center' }, icon(shape), words);
}

async function get(path) {
  const answer = await fetch(path, { cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function drawConversations(data) {
  $('texts-count').textContent = data.total ? data.total.toLocaleString('en-US') : '';
  $('mails-count').textContent = data.mails || '';
  $('conversations').replaceChildren(...data.conversations.map(({ number, last, count }) => {
    const [shape] = STATUS[last.status] || ['queued'];
    const mark = el('span', { class: `s-${last.status}`, style: 'display:flex' }, icon(last.direction === 'in' ? 'reply' : shape));
    return el('li', null, el('a', { href: `#texts/${number}`, 'aria-current': number === opened ? 'true' : null },
      el('span', { class: 'top' }, el('b', null, phone(number)), el('time', null, moment(last.at))),
      el('span', { class: 'below' }, mark, el('span', null, last.body))));
  }));
  const shown = data.conversations.length, note = $('conversations-note');
  note.className = shown ? 'note' : 'note empty';
  note.textContent = shown ? (asked || data.total > shown ? `Showing ${shown} of ${data.total.toLocaleString('en-US')} phones, the latest first.` : '')
    : asked ? 'No phone with these digits got a text yet.' : 'No texts yet. Send a campaign, or a test to yourself, and it arrives here.';
  if (!opened && view === 'texts' && shown && matchMedia('(min-width:768px)').matches) {
    location.replace(`#texts/${data.conversations[0].number}`);
  }
}

function drawConversation(data) {
  const box = $('bubbles'), atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  const changed = box.dataset.number !== data.number;
  $('sender').textContent = phone(data.sender);
  $('person').textContent = `Phone of ${phone(data.number)}`;
  // Before measuring: its height decides the phone's.
  $('under').textContent = data.opted_out ? 'This person has opted out at the carrier: new texts are refused (21610).'
    : 'You are holding this person’s phone. Answers go to the app’s inbound webhook.';
  const nodes = [];
  let last = '';
  if (data.earlier) nodes.push(el('span', { class: 'day' }, `${data.earlier} earlier`));
  for (const text of data.texts) {
    if (day(text.at) !== last) nodes.push(el('span', { class: 'day' }, last = day(text.at)));
    nodes.push(el('div', { class: `bubble ${text.direction}${text.automatic ? ' automatic' : ''}` }, text.body));
    const segments = text.segments === 1 ? '1 segment' : `${text.segments} segments`;
    nodes.push(text.direction === 'in' ? el('div', { class: 'meta in' }, clock(text.at))
      : el('div', { class: 'meta' }, text.automatic ? null : status(text.status, text.reason),
        [text.automatic ? 'Automatic reply' : segments, clock(text.at), text.error_code || ''].filter(Boolean).join(' · ')));
  }
  box.replaceChildren(...nodes);
  box.dataset.number = data.number;
  if (atEnd || changed) box.scrollTop = box.scrollHeight;
}

function drawMails(data) {
  $('mails').replaceChildren(...data.mails.map((mail) => el('li', null,
    el('a', { href: `#mails/${mail.id}`, 'aria-current': mail.id === opened ? 'true' : null },
      el('span', { class: 'top' }, el('b', null, mail.subject), el('time', null, moment(mail.at))),
      el('span', { class: 'below' }, status(mail.status), el('span', null, mail.to.join(', ')))))));
  const note = $('mails-note');
  note.className = data.mails.length ? 'note' : 'note empty';
  note.textContent = !data.mails.length ? 'No mails yet. Invitations and password resets arrive here.'
    : data.total > data.mails.length ? `The latest ${data.mails.length} of ${data.total.toLocaleString('en-US')} mails.` : '';
  if (!opened && view === 'mails' && data.mails.length && matchMedia('(min-width:768px)').matches) {
    location.replace(`#mails/${data.mails[0].id}`);
  }
}

// In a frame that runs nothing, loads nothing and knows nothing of this page. Its links open in a tab of their own.
const frame = (html) => el('iframe', {
  sandbox: 'allow-popups allow-popups-to-escape-sandbox', title: 'The mail', srcdoc: `<base target="_blank">${html}`,
});

function plain(text) {
  // Links as mail programs make them out of plain text.
  const parts = text.split(/(https?:\/\/[^\s<>"]+)/);
  return el('pre', { tabindex: '0' }, ...parts.map((part, nth) => (nth % 2
    ? el('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part)));
}

function drawMail(mail) {
  const headers = Object.entries(mail.headers).map(([name, value]) => `${name}: ${value}`).join('\n');
  const parts = [['mail', 'Mail', mail.html], ['text', 'Plain text', mail.text], ['headers', 'Headers', headers]].filter(([, , has]) => has);
  if (!parts.some(([name]) => name === mailPart)) mailPart = parts[0][0];
  const drawn = `${mail.id} ${mailPart}`;
  if (drawn !== drawnMail) {
    drawnMail = drawn;
    const row = (name, value, kind) => [el('dt', null, name), el('dd', { class: kind || null }, value)];
    const choice = el('div', { class: 'choice', role: 'group', 'aria-label': 'What to show of the mail' }, ...parts.map(([name, words]) => {
      const button = el('button', { type: 'button', 'aria-pressed': String(name === mailPart) }, words);
      button.addEventListener('click', () => { mailPart = name; drawMail(mail); $('mail').querySelector('[aria-pressed=true]').focus(); });
      return button;
    }));
    $('mail').replaceChildren(
      el('header', null, el('h2', null, mail.subject), el('dl', null,
        ...row('From', mail.from), ...row('To', mail.to.join(', ')), ...row('At', `${day(mail.at)}, ${clock(mail.at)}`), ...row('Status', '', 'status')), choice),
      mailPart === 'mail' ? frame(mail.html) : mailPart === 'text' ? plain(mail.text) : el('pre', { tabindex: '0' }, headers));
  }
  $('mail').querySelector('dd.status').replaceChildren(status(mail.status));
}

async function refresh(force) {
  try {
    const data = await get(`simulator/conversations?q=${encodeURIComponent(asked)}`);
    $('live').dataset.state = 'live';
    $('live').lastElementChild.textContent = 'Live';
    if (!force && data.version === version) return;
    version = data.version;
    drawConversations(data);
    if (view === 'texts' && opened) drawConversation(await get(`simulator/conversations/${encodeURIComponent(opened)}`));
    if (view === 'mails') {
      drawMails(await get('simulator/mails'));
      if (opened) drawMail(await get(`simulator/mails/${encodeURIComponent(opened)}`));
    }
  } catch {
    $('live').dataset.state = 'stale';
    $('live').lastElementChild.textContent = 'Reconnecting';
    version = -1;
  }
}

function follow() {
  const [where, ...rest] = decodeURIComponent(location.hash.slice(1)).split('/');
  view = ['texts', 'mails', 'numbers'].includes(where) ? where : 'texts';
  opened = rest.join('/') || null;
  document.body.dataset.view = view;
  document.body.dataset.open = opened ? 'yes' : '';
  document.querySelectorAll('[data-tab]').forEach((tab) => {
    if (tab.dataset.tab === view) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  });
  $('phone-stage').classList.toggle('blank', !opened);
  $('phone-stage').dataset.blank = 'Choose a phone to read its texts and answer them.';
  $('mail-stage').classList.toggle('blank', !opened);
  $('mail-stage').dataset.blank = 'Choose a mail to read it.';
  if (!opened) { $('mail').replaceChildren(); drawnMail = ''; }
  $('problem').hidden = true;
  refresh(true);
}

async function answer(body) {
  const buttons = document.querySelectorAll('.answer button');
  buttons.forEach((button) => { button.disabled = true; });
  let problem = null;
  try {
    const given = await fetch('simulator/inbound', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ from: opened, body }),
    });
    problem = given.ok ? (await given.json()).problem : 'The simulator refused the answer.';
  } catch { problem = 'The simulator doesn’t answer.'; }
  buttons.forEach((button) => { button.disabled = false; });
  $('problem').hidden = !problem;
  $('problem').textContent = problem || '';
  await refresh(true);
  $('bubbles').scrollTop = $('bubbles').scrollHeight;
}

document.querySelectorAll('[data-quick]').forEach((button) => button.addEventListener('click', () => answer(button.dataset.quick)));
document.querySelectorAll('.back').forEach((link) => link.prepend(icon('back')));
document.querySelector('.solid').append(icon('send'));
$('answer').addEventListener('submit', (event) => {
  event.preventDefault();
  const body = $('body').value.trim();
  if (body) { $('body').value = ''; answer(body); }
});
$('search').addEventListener('input', () => { asked = $('search').value; refresh(true); });
window.addEventListener('hashchange', follow);
get('simulator/special-numbers').then(({ numbers, addresses }) => {
  const row = (name, words) => el('tr', null, el('td', null, name), el('td', null, words));
  $('special').replaceChildren(...numbers.map(({ number, words }) => row(phone(number), words)));
  $('addresses').replaceChildren(...addresses.map(({ address, words }) => row(address, words)));
});
follow();
setInterval(() => { if (!document.hidden) refresh(false); }, 1000);
