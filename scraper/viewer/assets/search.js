// The search page: looks the words of a query up in the script files below search/, whose form search_block.py tells, and shows
// the posts that have them. Whatever comes out of an archive is put onto the page as text.
"use strict";
var postkeepSearch = (() => {
  const LONGEST_QUERY = 200;
  const SHOWN_AT_ONCE = 20;
  const BLOCKS_AT_ONCE = 4;
  const root = new URL("../", document.currentScript.src);
  const waiting = new Map();
  const loads = new Map();

  // A script file below search/ that hands over its data under `name` by calling `part` or `index`.
  function load(name, path) {
    if (!loads.has(name)) {
      loads.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        const fail = () => {
          loads.delete(name);
          reject(new Error(`${path} could not be read`));
        };
        waiting.set(name, resolve);
        script.onerror = fail;
        // A file that came and did not call is not one of the index.
        script.onload = () => waiting.has(name) && fail();
        script.src = new URL(path, root).href;
        document.head.append(script);
      }));
    }
    return loads.get(name);
  }

  function take(name, data) {
    const resolve = waiting.get(name);
    waiting.delete(name);
    resolve?.(data);
  }

  const index = (blocks) => take("index", blocks);
  const part = (name, ...data) => take(name, data);
  const partOf = (block, file) => load(`${block}/${file}`, `search/${block}/${file}.js`);

  // -- numbers of texts, always rising ------------------------------------------------------------------------------

  function numbersOf(text) {
    const numbers = [];
    let value = 0;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code >= 93) {
        value = value * 34 + code - 93;
      } else {
        numbers.push(value * 57 + code - 35);
        value = 0;
      }
    }
    return numbers;
  }

  function fromDistances(text) {
    let last = -1;
    return numbersOf(text).map((distance) => (last += distance + 1));
  }

  const rising = (numbers) => Array.from(new Set(numbers)).sort((a, b) => a - b);

  function inAll(lists) {
    return lists.reduce((left, right) => {
      const others = new Set(right);
      return left.filter((number) => others.has(number));
    });
  }

  // How many of the sorted values are at most `value`.
  function countUpTo(values, value) {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] <= value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // -- one block of the index ---------------------------------------------------------------------------------------

  async function textsWithTerm(block, firstTerms, wanted) {
    const isBegin = wanted.endsWith("*");
    const term = isBegin ? wanted.slice(0, -1) : wanted;
    const matches = (other) => (isBegin ? other.startsWith(term) : other === term);
    const files = [];
    for (let i = Math.max(0, countUpTo(firstTerms, term) - 1); i < firstTerms.length; i += 1) {
      if (firstTerms[i] > term && !matches(firstTerms[i])) {
        break;
      }
      files.push(partOf(block, `terms-${i}`));
    }
    const lists = [];
    for (const [terms, written] of await Promise.all(files)) {
      const all = terms.split(" ");
      const texts = written.split(" ");
      for (let i = Math.max(0, countUpTo(all, term) - 1); i < all.length && (all[i] <= term || matches(all[i])); i += 1) {
        if (matches(all[i])) {
          lists.push(fromDistances(texts[i]));
        }
      }
    }
    return lists.length === 1 ? lists[0] : rising(lists.flat());
  }

  // The posts of a block that have all words, the newest first: where in it the first text with all of them is, or with
  // the first of them where no text has all, and how many more texts have all.
  async function hitsIn(block, words) {
    const [terms, firstNumbers, counts] = await partOf(block, "block");
    const firstTerms = terms.split(" ");
    const byWord = [];
    for (const word of words) {
      const texts = inAll(await Promise.all(word.map((term) => textsWithTerm(block, firstTerms, term))));
      if (texts.length === 0) {
        return [];
      }
      byWord.push(texts);
    }
    const starts = [];
    let start = 0;
    for (const count of numbersOf(counts)) {
      starts.push(start);
      start += count;
    }
    const postOf = (text) => countUpTo(starts, text) - 1;
    const posts = rising(inAll(byWord.map((texts) => rising(texts.map(postOf)))));
    // By post: its first text with all words, and how many there are; else its first text with the first word.
    const firsts = new Map();
    const counted = new Map();
    for (const text of inAll(byWord)) {
      const post = postOf(text);
      counted.set(post, (counted.get(post) ?? 0) + 1);
      firsts.has(post) || firsts.set(post, text);
    }
    for (const text of byWord[0]) {
      const post = postOf(text);
      firsts.has(post) || firsts.set(post, text);
    }
    return posts.map((post) => ({
      block,
      firstNumbers,
      text: firsts.get(post),
      more: Math.max(0, (counted.get(post) ?? 0) - 1),
    }));
  }

  async function shownOf({ block, firstNumbers, text, more }) {
    const file = countUpTo(firstNumbers, text) - 1;
    const [posts] = await partOf(block, `texts-${file}`);
    let at = firstNumbers[file];
    for (const [place, title, about, texts] of posts) {
      const count = texts.length / 2;
      if (text < at + count) {
        const [where, snippet] = texts.slice((text - at) * 2, (text - at) * 2 + 2);
        const href = where === "" || where.startsWith("#") ? place + where : where;
        return { place, title, about, href, snippet, more };
      }
      at += count;
    }
    throw new Error(`${block} has no text ${text}`);
  }

  // The hits of each block in turn; the blocks that come next are read meanwhile.
  async function* hitsOf(blocks, words) {
    const begun = [];
    for (let i = 0; i < blocks.length; i += 1) {
      while (begun.length < Math.min(blocks.length, i + BLOCKS_AT_ONCE)) {
        const hits = hitsIn(blocks[begun.length], words);
        // What fails is told when its turn comes, if it does.
        hits.catch(() => {});
        begun.push(hits);
      }
      yield await begun[i];
    }
  }

  // The results in order: posts whose title has all words, then posts whose texts have them; the newest first in both.
  async function* resultsOf(words, listOfBlocks) {
    const { titles, texts } = await load("index", listOfBlocks);
    const seen = new Set();
    for await (const hits of hitsOf([...titles, ...texts], words)) {
      for (let i = 0; i < hits.length; i += SHOWN_AT_ONCE) {
        for (const result of await Promise.all(hits.slice(i, i + SHOWN_AT_ONCE).map(shownOf))) {
          if (!seen.has(result.place)) {
            seen.add(result.place);
            yield result;
          }
        }
      }
    }
  }

  // -- the page -----------------------------------------------------------------------------------------------------

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }

  // `text` with the words of the query marked in it, where they stand as they were typed.
  function marked(text, query) {
    const lower = text.toLowerCase();
    const words = query.toLowerCase().split(/[^\p{L}\p{N}\p{M}]+/u).filter(Boolean);
    const parts = [];
    let at = 0;
    while (lower.length === text.length && words.length > 0) {
      const found = words.map((word) => [lower.indexOf(word, at), word.length]).filter(([place]) => place >= 0);
      if (found.length === 0) {
        break;
      }
      const [place, length] = found.reduce((a, b) => (b[0] < a[0] || (b[0] === a[0] && b[1] > a[1]) ? b : a));
      parts.push(text.slice(at, place), element("mark", {}, text.slice(place, place + length)));
      at = place + length;
    }
    return [...parts, text.slice(at)];
  }

  function itemOf(result, query) {
    const title = element("bdi", {}, ...marked(result.title, query));
    const link = element("a", { href: new URL(result.href, root).href }, title);
    const about = [result.about];
    if (result.href !== result.place) {
      about.push("in a comment");
    }
    if (result.more > 0) {
      about.push(`and ${result.more} more ${result.more === 1 ? "place" : "places"}`);
    }
    return element(
      "li",
      {},
      element("p", { class: "title", dir: "auto" }, link),
      element("p", { class: "snippet", dir: "auto" }, ...marked(result.snippet, query)),
      element("p", { class: "meta" }, about.join(" · ")),
    );
  }

  function searchPage(form) {
    const input = form.elements.namedItem("q");
    const status = document.getElementById("search-status");
    const list = document.getElementById("search-results");
    const moreButton = document.getElementById("search-more");
    let results = null;
    let query = "";

    const queryOfPage = () => {
      const fragment = new URLSearchParams(location.hash.slice(1));
      return (fragment.get("q") ?? new URLSearchParams(location.search).get("q") ?? "").trim().slice(0, LONGEST_QUERY);
    };

    async function showMore() {
      const running = results;
      const first = list.childElementCount;
      moreButton.hidden = true;
      let isEnd = false;
      try {
        for (let left = SHOWN_AT_ONCE; left > 0 && !isEnd; left -= 1) {
          const { value, done } = await running.next();
          if (running !== results) {
            return;
          }
          isEnd = done;
          if (!done) {
            list.append(itemOf(value, query));
          }
        }
      } catch (error) {
        if (running === results) {
          status.textContent = `${error.message}. Reload the page; if that does not help, write the pages anew.`;
        }
        return;
      }
      const count = list.childElementCount;
      moreButton.hidden = isEnd;
      if (count === 0) {
        status.textContent = "No post has all of these words.";
      } else {
        const posts = count === 1 ? "1 post has" : `${count} posts have`;
        status.textContent = isEnd ? `${posts} all of these words.` : `The first ${count} posts that have all of these words.`;
      }
      if (first > 0 && count > first) {
        list.children[first].querySelector("a").focus();
      }
    }

    async function search() {
      query = queryOfPage();
      input.value = query;
      list.replaceChildren();
      moreButton.hidden = true;
      const words = postkeepTerms.wordsOf(query);
      if (words.length === 0) {
        results = null;
        status.textContent = query === "" ? "" : "There is no word in this to search for.";
        return;
      }
      status.textContent = "Searching…";
      results = resultsOf(words, form.dataset.index);
      await showMore();
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = `#${new URLSearchParams({ q: input.value })}`;
      if (location.hash === asked) {
        search();
      } else {
        location.hash = asked;
      }
    });
    moreButton.addEventListener("click", showMore);
    window.addEventListener("hashchange", search);
    if (queryOfPage() === "") {
      input.focus();
    }
    search();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("search-form");
    if (form !== null) {
      searchPage(form);
    }
  });
  return { index, part };
})();
