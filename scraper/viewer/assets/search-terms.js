// Cuts texts as scraper/viewer/search_terms.py does, which says why; a test holds the two against each other.
"use strict";
var postkeepTerms = (() => {
  const TERM_LENGTH = 32;

  function setOf(gapsAndLengths) {
    let at = 0;
    let set = "";
    for (let i = 0; i < gapsAndLengths.length; i += 2) {
      const first = at + gapsAndLengths[i];
      at = first + gapsAndLengths[i + 1];
      set += `\\u{${first.toString(16)}}-\\u{${(at - 1).toString(16)}}`;
    }
    return set;
  }

  const { assigned, dropped, paired, spelled, folds } = postkeepClasses;
  const UNASSIGNED = new RegExp(`[^${setOf(assigned)}]`, "gu");
  const DROPPED = new RegExp(`[${setOf(dropped)}]+`, "gu");
  const RUN = new RegExp(`([${setOf(paired)}]+)|[${setOf(spelled)}]+`, "gu");
  const UNFOLDED = new RegExp(`[${Object.keys(folds).join("")}]`, "gu");

  function folded(text) {
    const lower = text.replace(UNASSIGNED, " ").normalize("NFKD").toLowerCase();
    return lower.replace(UNFOLDED, (char) => folds[char]).replace(DROPPED, "").normalize("NFC");
  }

  // The words of a text and its stretches of paired characters: [{chars, isPaired}], each character a code point.
  function runsOf(text) {
    return Array.from(folded(text).matchAll(RUN), (match) => ({
      chars: Array.from(match[0]),
      isPaired: match[1] !== undefined,
    }));
  }

  const pairsOf = (chars) => chars.slice(1).map((char, i) => chars[i] + char);

  // The terms under which a text is in the index.
  function termsOf(text) {
    const terms = new Set();
    for (const { chars, isPaired } of runsOf(text)) {
      if (isPaired) {
        pairsOf(chars).forEach((pair) => terms.add(pair));
        terms.add(chars[chars.length - 1]);
      } else {
        terms.add(chars.slice(0, TERM_LENGTH).join(""));
      }
    }
    return terms;
  }

  // What a query asks for: for each of its words the terms that must all stand in one text. A term ends in "*" where
  // any term that begins so will do: words from three letters on, and one character of those that are found by pairs.
  function wordsOf(query) {
    return runsOf(query).map(({ chars, isPaired }) => {
      if (isPaired) {
        return chars.length === 1 ? [`${chars[0]}*`] : Array.from(new Set(pairsOf(chars)));
      }
      const word = chars.slice(0, TERM_LENGTH).join("");
      return [chars.length < 3 ? word : `${word}*`];
    });
  }

  return { folded, termsOf, wordsOf };
})();
