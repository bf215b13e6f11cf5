//! Amounts and ids.

use super::*;

#[test]
fn accepts_the_digits_of_any_script_in_an_id() {
    normalizes(
        TextFormat::Id,
        &[("٥٤٥٢", "5452"), (" ５４５２\u{200f}", "5452"), ("५४५२", "5452")],
    );
    rejects(TextFormat::Id, Code::IdFormat, &["五", "½", "²", "Ⅴ", "５.０", "٠"]);
}

#[test]
fn accepts_common_notations_of_amounts_and_rejects_ambiguous_ones() {
    normalizes(
        TextFormat::Amount,
        &[
            ("1’250.00", "1250.00"),
            ("1｀250.00", "1250.00"),
            ("1'000.–", "1000"),
            ("1´250`000", "1250000"),
            ("€ 1.000", "1.000"),
            ("1000 €", "1000"),
            ("EUR 5 000", "5 000"),
            ("5\u{202f}000\u{a0}€", "5 000"),
            ("5000,-", "5000"),
            ("5000,-- EUR", "5000"),
            ("CHF 5'000.—", "5000"),
            ("Fr. 5'000.-", "5000"),
            ("5.000,- €", "5.000,00"),
            ("12,500.–", "12,500.00"),
            ("$1,250.50", "1,250.50"),
            ("US$ 1,250", "1,250"),
            ("R$ 1.250,00", "1.250,00"),
            ("1 250 zł", "1 250"),
            ("250 kr.", "250"),
            ("£.50", ".50"),
            ("5.", "5."),
            ("￥５，０００", "5,000"),
            ("٥٠٠٠٠", "50000"),
            ("۵۰۰۰۰", "50000"),
            ("١٬٢٥٠٬٠٠٠٫٥٠", "1250000.50"),
            ("١٬٢٥٠٫٥٠٠", "1250.500"),
            ("٥٠٠٠ ر.س", "5000"),
            ("٥٠٠٠ درهم", "5000"),
            ("1.250٫5", "1.250,5"),
            ("1.250.000,50", "1.250.000,50"),
        ],
    );
    // Dropping these characters would change the amount.
    rejects(
        TextFormat::Amount,
        Code::AmountCharacter,
        &[
            "-5",
            "5-",
            "- 5 €",
            "€ -5",
            "+5",
            "5 k€",
            "5 T€",
            "5 Mio",
            "5 MIO €",
            "M$ 5",
            "50 ¢",
            "5 000 Mrd",
            "5%",
            "1e3",
            "3'50",
            "1'2",
            "5€50",
            "5 € 50",
            "1000-2000",
            "five",
            "5万円",
            "5000 per month",
            "(5)",
        ],
    );
    rejects(TextFormat::Amount, Code::AmountDigit, &[",.", "."]);
    rejects(TextFormat::Amount, Code::AmountCharacter, &["€", "EUR"]);
}
