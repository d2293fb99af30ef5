//! Professions and their codes in the Health Care Provider Taxonomy (NUCC). Only codes that are certain stand here; a
//! personal trainer, for one, has none.

/// The NUCC code of a profession, whatever the writing: "Massage Therapist" and "massage_therapist" are one.
pub(super) fn nucc_code(profession: &str) -> Option<&'static str> {
    let name: String =
        profession.trim().chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    Some(match name.as_str() {
        "massage_therapist" => "225700000X",
        "acupuncturist" => "171100000X",
        "chiropractor" => "111N00000X",
        "physical_therapist" | "physiotherapist" => "225100000X",
        "occupational_therapist" => "225X00000X",
        "naturopath" => "175F00000X",
        "family_physician" | "family_medicine" => "207Q00000X",
        "internist" | "internal_medicine" => "207R00000X",
        "physician" | "general_practitioner" => "208D00000X",
        "obstetrician_gynecologist" => "207V00000X",
        "physiatrist" => "208100000X",
        "orthopaedic_surgeon" | "orthopedic_surgeon" => "207X00000X",
        "counselor" | "counsellor" => "101Y00000X",
        "mental_health_counselor" => "101YM0800X",
        "psychologist" => "103T00000X",
        "marriage_family_therapist" => "106H00000X",
        "social_worker" => "104100000X",
        "psychiatrist" => "2084P0800X",
        "nutritionist" => "133N00000X",
        "registered_dietitian" | "dietitian" => "133V00000X",
        "doula" => "374J00000X",
        "midwife" => "176B00000X",
        "health_coach" => "171400000X",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::nucc_code;

    #[test]
    fn a_profession_has_its_code_and_a_trainer_has_none() {
        assert_eq!(nucc_code("massage_therapist"), Some("225700000X"));
        assert_eq!(nucc_code("Massage Therapist"), Some("225700000X"));
        assert_eq!(nucc_code("personal_trainer"), None);
    }
}
