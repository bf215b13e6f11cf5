/// The last part of a tag for informal texts, such as `de-informal`. As a variant subtag (BCP 47), it
/// is well-formed, but not registered.
const INFORMAL: &str = "-informal";

/// Returns the language of a tag: the part before the first hyphen.
pub fn primary_language(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(language, _)| language)
}

/// Returns the region of a tag: two letters or three digits after the language and the script
/// (BCP 47).
///
/// ```
/// use deal_contract::messages::region;
///
/// assert_eq!(region("zh-Hant-TW"), Some("TW"));
/// assert_eq!(region("es-419"), Some("419"));
/// assert_eq!(region("en-u-hc-h23"), None);
/// ```
pub fn region(tag: &str) -> Option<&str> {
    // A single letter starts an extension.
    let mut subtags = tag.split('-').skip(1).take_while(|subtag| subtag.len() > 1);
    subtags.find(|subtag| {
        subtag.len() == 2 || subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Returns the name of the catalog for a tag: its language, or `de-informal`, the only catalog with
/// informal texts.
///
/// ```
/// use deal_contract::messages::catalog_name;
///
/// assert_eq!(catalog_name("pt-BR"), "pt");
/// assert_eq!(catalog_name("de-AT-informal"), "de-informal");
/// assert_eq!(catalog_name("fr-informal"), "fr");
/// ```
pub fn catalog_name(tag: &str) -> &str {
    match (primary_language(tag), without_register(tag)) {
        ("de", plain) if plain != tag => "de-informal",
        (language, _) => language,
    }
}

/// Returns the tag without `-informal`, for HTML and for formatting numbers and days.
///
/// ```
/// use deal_contract::messages::without_register;
///
/// assert_eq!(without_register("de-informal"), "de");
/// assert_eq!(without_register("de-AT"), "de-AT");
/// ```
pub fn without_register(tag: &str) -> &str {
    tag.strip_suffix(INFORMAL).unwrap_or(tag)
}

/// Returns the sentence that the widget shows while it loads a form, and the language of the
/// sentence: the language of the tag, or English if the sentence is not translated.
///
/// The widget needs this sentence before it has a catalog, so the sentence is not a message.
///
/// ```
/// use deal_contract::messages::loading;
///
/// assert_eq!(loading("de-AT"), ("de", "Das Formular wird geladen …"));
/// assert_eq!(loading("tlh"), ("en", "Loading the form…"));
/// ```
pub fn loading(tag: &str) -> (&'static str, &'static str) {
    match primary_language(tag) {
        "ar" => ("ar", "جارٍ تحميل النموذج…"),
        "de" => ("de", "Das Formular wird geladen …"),
        "es" => ("es", "Cargando el formulario…"),
        "fr" => ("fr", "Chargement du formulaire…"),
        "pt" => ("pt", "Carregando o formulário…"),
        _ => ("en", "Loading the form…"),
    }
}

/// Returns whether the language of a tag is written from right to left.
///
/// ```
/// use deal_contract::messages::is_right_to_left;
///
/// assert!(is_right_to_left("ar-EG"));
/// assert!(!is_right_to_left("de"));
/// ```
pub fn is_right_to_left(tag: &str) -> bool {
    ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(primary_language(tag)))
}
