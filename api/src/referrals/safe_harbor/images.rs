//! Biometric identifiers and photographs, as far as a text brings or names them.

use super::{
    Found, Kind,
    fold::Folded,
    rules::{Rule, always, apply},
};
use std::sync::LazyLock;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = Rule::new;
    let goes_along = r"(?:attached|enclosed|included|uploaded|sent|appended|linked|on file|in the (?:file|chart|folder)|see|below|herewith)";
    let image =
        r"(?:photos?|photographs?|pictures?|pics?|selfies?|headshots?|portraits?|snapshots?|mugshots?|videos?|footage)";
    vec![
        rule(
            Kind::Biometric,
            "print",
            r"(?i)\b(?:finger|thumb|palm|hand|foot|voice|lip)\s?-?prints?\b|\b(?:iris|retinal?|palm vein|vein|face|facial|hand geometry|gait|voice)\s(?:scans?|recognition|template|signature|biometrics?|id\b|recording)|\b(?:face ?id|touch ?id|voice ?print)\b|\bbiometric(?:s| data| identifier| template| scan)?\b",
            always,
        ),
        rule(
            Kind::Biometric,
            "genome",
            r"(?i)\b(?:dna|genetic|genomic?)\s(?:profile|sequence|sample|fingerprint|data|code|results? (?:attached|enclosed))\b|\bwhole[- ]genome\b|\brs[0-9]{4,}\b",
            always,
        ),
        rule(
            Kind::Photograph,
            "file",
            r"(?i)[a-z0-9_()-]+\.(?:jpe?g|png|heic|heif|gif|tiff?|bmp|webp|raw|mp4|mov|avi|dcm|dicom)\b",
            always,
        ),
        rule(Kind::Photograph, "data", r"(?i)\bdata:(?:image|video|application)/[a-z0-9+.-]+[^\s]*", always),
        rule(
            Kind::Photograph,
            "face",
            &format!(
                r"(?i)\b(?:full[- ]face|facial|face)\s?-?\s?{image}\b|\b{image}\s(?:of|showing|with)\s(?:(?:his|her|their|the|a|client'?s?|patient'?s?)\s)*(?:face|head|likeness|tattoos?|patient|client)\b|\bfull[- ]face\b|\b(?:selfies?|headshots?|mugshots?|portrait photo)\b"
            ),
            always,
        ),
        rule(
            Kind::Photograph,
            "goes_along",
            &format!(
                r"(?i)\b{goes_along}\b[^.;\n]{{0,20}}\b(?<id>{image})\b|\b(?<alone>{image})\b[^.;\n]{{0,20}}\b{goes_along}\b"
            ),
            always,
        ),
    ]
});

/// Marks them.
pub(super) fn find(folded: &Folded, found: &mut Found) {
    apply(&RULES, folded, found);
}
