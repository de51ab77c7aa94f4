//! The options of `latchkey settings`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Prints every setting: name and value, separated by a tab; or the value of one
    ///
    /// Names and values are those of the REST API; the entries of a list are separated by commas. In the list a line break is
    /// printed as a space.
    Show {
        /// Name of the setting whose value to print
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Changes settings. What is not given stays
    ///
    /// Names and values are those of the REST API, as `show` prints them; the entries of a list are separated by commas. An
    /// empty value, such as `welcome_text=`, removes what is there.
    Set {
        /// Setting and its value, such as `registration_mode=open`
        #[arg(value_name = "NAME=VALUE", required = true, value_parser = change)]
        changes: Vec<(String, String)>,
    },
}

/// `NAME=VALUE`.
fn change(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("enter NAME=VALUE, such as registration_mode=open")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}
