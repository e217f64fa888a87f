//! Names in the spelling of each language.

/// `SIPLine` → `sip_line`, `RobotID` → `robot_id`, `tasks.cancel_call` → `tasks_cancel_call`.
///
/// A word begins at a capital that follows a small letter or digit, and at the last capital of a run that goes on with a small letter.
pub fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut result = String::with_capacity(name.len() + 4);
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            separate(&mut result);
            continue;
        }
        let after_word = index > 0 && (letters[index - 1].is_lowercase() || letters[index - 1].is_ascii_digit());
        let ends_acronym = index > 0 && letters[index - 1].is_uppercase() && letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_word || ends_acronym) {
            separate(&mut result);
        }
        result.extend(letter.to_lowercase());
    }
    result.trim_end_matches('_').to_owned()
}

fn separate(text: &mut String) {
    if !text.is_empty() && !text.ends_with('_') {
        text.push('_');
    }
}

/// `call_by_id` → `CallById`.
pub fn pascal(name: &str) -> String {
    snake(name).split('_').map(capitalised).collect()
}

/// `call_by_id` → `callById`.
pub fn camel(name: &str) -> String {
    let name = snake(name);
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |result, word| result + &capitalised(word))
}

/// `CreateTask` → `CREATE_TASK`.
pub fn screaming(name: &str) -> String {
    snake(name).to_uppercase()
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{camel, pascal, screaming, snake};

    #[test]
    fn wire_names_become_snake_case() {
        for (wire, expected) in [
            ("TaskName", "task_name"),
            ("SIPLine", "sip_line"),
            ("RobotID", "robot_id"),
            ("APPKey", "app_key"),
            ("callid", "callid"),
            ("borrower_name", "borrower_name"),
            ("wfdetail_uuid", "wfdetail_uuid"),
            ("Page2Size", "page2_size"),
            ("tasks.cancel_call", "tasks_cancel_call"),
            ("account-time", "account_time"),
            ("ID", "id"),
            ("x_", "x"),
        ] {
            assert_eq!(snake(wire), expected, "{wire}");
        }
    }

    #[test]
    fn the_other_spellings_follow_from_it() {
        assert_eq!(pascal("tasks.call_by_id"), "TasksCallById");
        assert_eq!(pascal("SIPLine"), "SipLine");
        assert_eq!(camel("call_by_id"), "callById");
        assert_eq!(camel("RobotID"), "robotId");
        assert_eq!(screaming("CreateTask"), "CREATE_TASK");
        assert_eq!(camel(""), "");
    }
}
