/// Implements `as_str`, which returns the parsed text, and [`Display`](std::fmt::Display), which
/// writes it.
macro_rules! text_value {
    ($type:ident) => {
        impl $type {
            /// Returns the parsed text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use text_value;
