//! Amounts: drops currencies, trailing dashes, and separators other than spaces, commas and full
//! stops.

use crate::characters::{is_one_of, keyboard, map, trim, trim_start};

/// Currencies: signs, ISO 4217 codes, and common words. Do not add words for thousands, millions or
/// hundredths.
const CURRENCIES: &str = "€ $ £ ¥ ￡ ￥ ₩ ￦ ₹ ₽ ₺ ₴ ₪ ฿ ₫ ₱ ₦ ₿ ¤ ﷼ US$ $US CA$ AU$ A$ C$ NZ$ HK$ NT$ S$ MX$ R$ \
    EUR USD GBP CHF JPY CNY AUD CAD NZD SGD HKD TWD KRW INR IDR THB PHP SEK NOK DKK ISK PLN CZK HUF RON \
    TRY RUB UAH ILS AED SAR QAR KWD EGP MAD ZAR NGN BRL MXN ARS CLP COP PEN \
    Euro Euros Fr SFr kr zł Kč 元 円 ر.س د.إ ريال درهم دينار جنيه";

/// Rewrites an amount in digits, spaces, commas and full stops. Any other text is only trimmed and
/// converted to the characters of a Latin keyboard.
pub(super) fn normalize(typed: &str) -> String {
    let text = map(typed, plain);
    let text = trim(&text, is_space);
    match number(text) {
        Some(number) => number.iter().collect(),
        None => text.iter().collect(),
    }
}

fn plain(c: char) -> Option<char> {
    Some(match keyboard(c)? {
        // Thousands separators, including the Arabic one.
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{2032}' | '`' | '\u{b4}' | '٬' => '\'',
        '،' => ',',
        c => c,
    })
}

fn is_space(c: char) -> bool {
    c == ' '
}

fn is_decimal_sign(c: char) -> bool {
    matches!(c, '.' | ',' | '٫')
}

/// Returns the number without a currency before or after it. Returns `None` if there is other text
/// around it, or no digit.
fn number(text: &[char]) -> Option<Vec<char>> {
    let mut first = text.iter().position(char::is_ascii_digit)?;
    let end = text.iter().rposition(char::is_ascii_digit)?.checked_add(1)?;
    // `.5` and `€.5` begin with a decimal sign, `Fr.5` does not.
    if let [before @ .., sign] = text.get(..first)?
        && is_decimal_sign(*sign)
        && !before.last().is_some_and(char::is_ascii_alphabetic)
    {
        first = before.len();
    }
    let (head, mut tail) = (text.get(..first)?, text.get(end..)?);
    let mut number = with_usual_signs(text.get(first..end)?);
    if let [sign, after @ ..] = tail
        && is_decimal_sign(*sign)
    {
        tail = trim_start(after, |c| c == '-');
        let dashes = tail.len() < after.len();
        let mixed = number.contains(&'.') || number.contains(&',');
        // Without its comma, `5.000,-` would mean five in countries whose decimal sign is the full
        // stop.
        if mixed || !dashes {
            number.push(usual_sign(*sign, &number));
        }
        if mixed && dashes {
            number.extend_from_slice(&['0', '0']);
        }
    }
    (is_currency(head) && is_currency(tail)).then_some(number)
}

fn is_currency(text: &[char]) -> bool {
    let word: String = trim(text, is_space).iter().collect();
    word.is_empty() || is_one_of(CURRENCIES, word.strip_suffix('.').unwrap_or(&word))
}

/// Returns the number with only spaces, commas and full stops as separators.
fn with_usual_signs(number: &[char]) -> Vec<char> {
    let mut usual = Vec::new();
    let mut rest = number;
    while let [c, after @ ..] = rest {
        let digits = after.iter().take_while(|c| c.is_ascii_digit()).count();
        let splits = *c == '\'' && usual.last().is_some_and(char::is_ascii_digit);
        // Some countries use the apostrophe as the decimal sign, so drop it only before exactly
        // three digits.
        if !(splits && digits == 3) {
            usual.push(usual_sign(*c, &usual));
        }
        rest = after;
    }
    usual
}

/// Replaces the Arabic decimal separator with a full stop, or with a comma if full stops separate
/// thousands.
fn usual_sign(sign: char, number: &[char]) -> char {
    match sign {
        '٫' if number.contains(&'.') => ',',
        '٫' => '.',
        sign => sign,
    }
}
