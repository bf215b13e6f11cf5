/// A value that is its text: [`Display`](std::fmt::Display) gives back what was parsed.
macro_rules! text_value {
    ($type:ident) => {
        impl $type {
            /// The text as it was parsed.
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
