// Figures as text, digit by digit: nothing here becomes a floating-point number on its way to the reader.

// Currencies of ISO 4217 that have no minor units, and thousandths of them; all others have hundredths.
const WITHOUT_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ");
const THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND".split(" ");

export const digitsOf = (currency) => (WITHOUT_MINOR.includes(currency) ? 0 : THOUSANDTHS.includes(currency) ? 3 : 2);

const grouped = (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",");

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?$/;

// Minor units, an integer, as an amount: 400380650 of EUR is 4,003,806.50.
export function money(minor, currency) {
  const places = digitsOf(currency);
  const digits = String(minor).replace("-", "").padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return `${minor < 0 ? "-" : ""}${grouped(whole)}${places ? `.${digits.slice(-places)}` : ""}`;
}

// A decimal with at most so many places, half to even.
export function rounded(text, places) {
  const [, sign, whole, fraction = ""] = NUMBER.exec(text) ?? [];
  if (whole === undefined) return text;
  if (fraction.length <= places) return sign + grouped(whole) + (fraction && `.${fraction}`);
  const kept = BigInt(whole + fraction.slice(0, places));
  const rest = fraction.slice(places);
  const half = "5".padEnd(rest.length, "0");
  const up = rest > half || (rest === half && kept % 2n === 1n);
  const digits = String(up ? kept + 1n : kept).padStart(places + 1, "0");
  const split = digits.length - places;
  const shown = grouped(digits.slice(0, split)) + (places ? `.${digits.slice(split)}` : "");
  return /[1-9]/.test(shown) ? sign + shown : shown;
}

// A ratio as percent: the point moves by two places.
export function percent(text, places = 1) {
  const [, sign, whole, fraction = ""] = NUMBER.exec(text) ?? [];
  if (whole === undefined) return text;
  const moved = fraction.padEnd(2, "0");
  const left = (whole + moved.slice(0, 2)).replace(/^0+(?=\d)/, "");
  const right = moved.slice(2);
  return `${rounded(sign + left + (right && `.${right}`), places)} %`;
}

// Compare two exact numbers: for an order, and nothing that is shown.
export function compare(one, other) {
  const [a, b] = [scaled(one), scaled(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function scaled(text) {
  const [, sign, whole, fraction = ""] = NUMBER.exec(String(text)) ?? ["", "", "0"];
  return BigInt(sign + whole + fraction.padEnd(12, "0").slice(0, 12));
}
