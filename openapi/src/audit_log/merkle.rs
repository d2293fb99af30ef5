//! The tree of RFC 9162, section 2.1: its hashes, its proofs, and their verification.

use aws_lc_rs::digest::{Context, SHA256};
use std::{collections::HashMap, ops::Range};

/// A SHA-256.
pub type Hash = [u8; 32];

/// A complete subtree, by its height and its place among those of that height: it holds the leaves from
/// `position << level` up to `(position + 1) << level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// Its height; a leaf has 0.
    pub level: u8,
    /// Its place from the left.
    pub position: u64,
}

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "openapi"), non_exhaustive)]
pub enum Mismatch {
    /// It asks about a leaf or a size that the tree does not have.
    OutOfRange,
    /// It has more or fewer hashes than the tree takes.
    Length,
    /// It leads to another root than that of the older tree.
    OldRoot,
    /// It leads to another root.
    Root,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "it is about an entry or a size that the tree does not have",
            Self::Length => "it has more or fewer hashes than the tree takes",
            Self::OldRoot => "it leads to another root than the older tree's",
            Self::Root => "it leads to another root",
        })
    }
}

impl std::error::Error for Mismatch {}

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The hash of a leaf.
pub fn leaf_hash(data: &[u8]) -> Hash {
    sha256(&[&[0], data])
}

/// The hash of an interior node. Its first byte differs from a leaf's, so that no leaf can pass for a node.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root of a tree without leaves.
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The largest power of two below `width`, which is at least 2: where RFC 9162 splits a tree.
fn split(width: u64) -> u64 {
    1 << (63 - (width - 1).leading_zeros())
}

/// The subtrees whose hashes prove that the leaf `index` is in the tree of `size` leaves, from the leaf up (RFC 9162,
/// section 2.1.3.1); none if it is not in it.
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if index >= size {
        return None;
    }
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(middle..high);
            high = middle;
        } else {
            path.push(low..middle);
            low = middle;
        }
    }
    path.reverse();
    Some(path)
}

/// The subtrees whose hashes prove that the tree of `size` leaves begins with the tree of `old` leaves (RFC 9162,
/// section 2.1.4.1); none if it is not at least as large, or the old one is empty.
pub fn consistency(old: u64, size: u64) -> Option<Vec<Range<u64>>> {
    if old == 0 || old > size {
        return None;
    }
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high != old {
        let middle = low + split(high - low);
        if old <= middle {
            path.push(middle..high);
            high = middle;
        } else {
            path.push(low..middle);
            low = middle;
        }
    }
    // The old root itself is known to whoever asks; a part of the old tree is not.
    if low > 0 {
        path.push(low..high);
    }
    path.reverse();
    Some(path)
}

/// The complete subtrees that a subtree is made of, from the left.
pub fn nodes_of(range: Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut low = range.start;
    while low < range.end {
        // As large as fits, and it fits only where it begins at a multiple of its width.
        let fits = 63 - (range.end - low).leading_zeros();
        let level = fits.min(low.trailing_zeros());
        nodes.push(Node { level: u8::try_from(level).unwrap_or(u8::MAX), position: low >> level });
        low += 1 << level;
    }
    nodes
}

/// The hash of a subtree of the tree, from those of the complete subtrees that it is made of; none if one is missing.
pub fn hash_of(range: Range<u64>, known: &HashMap<Node, Hash>) -> Option<Hash> {
    if range.is_empty() {
        return Some(empty_root());
    }
    fold(nodes_of(range).iter().map(|node| known.get(node).copied()))
}

/// Joins complete subtrees from the left, none of them wider than the one before it, into the root above them.
fn fold(hashes: impl DoubleEndedIterator<Item = Option<Hash>>) -> Option<Hash> {
    let mut root: Option<Hash> = None;
    for hash in hashes.rev() {
        let hash = hash?;
        root = Some(root.map_or(hash, |right| node_hash(&hash, &right)));
    }
    root
}

/// The right edge of a tree: all that it takes to add leaves to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// The roots of the complete subtrees, the widest first.
    complete: Vec<Hash>,
}

impl Frontier {
    /// The edge of a tree of `size` leaves, from the hashes of [`nodes_of`] it; none if their number does not fit.
    pub fn of(size: u64, complete: Vec<Hash>) -> Option<Self> {
        (u64::try_from(complete.len()).ok()? == u64::from(size.count_ones())).then_some(Self { size, complete })
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        fold(self.complete.iter().map(|hash| Some(*hash))).unwrap_or_else(empty_root)
    }

    /// Adds a leaf, and tells which interior nodes that completes.
    pub fn push(&mut self, leaf: Hash) -> Vec<(Node, Hash)> {
        let mut completed = Vec::new();
        let mut hash = leaf;
        let mut level = 0;
        while self.size >> level & 1 == 1 {
            let Some(left) = self.complete.pop() else { break };
            hash = node_hash(&left, &hash);
            level += 1;
            completed.push((Node { level, position: self.size >> level }, hash));
        }
        self.complete.push(hash);
        self.size += 1;
        completed
    }
}

/// Checks that the leaf `index` is in the tree of `size` leaves with this root (RFC 9162, section 2.1.3.2).
///
/// # Errors
/// Why the proof does not hold.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), Mismatch> {
    if index >= size {
        return Err(Mismatch::OutOfRange);
    }
    let (mut first, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(Mismatch::Length);
        }
        if first & 1 == 1 || first == last {
            hash = node_hash(sibling, &hash);
            while first & 1 == 0 && first != 0 {
                (first, last) = (first >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (first, last) = (first >> 1, last >> 1);
    }
    match (last == 0, hash == *root) {
        (false, _) => Err(Mismatch::Length),
        (_, false) => Err(Mismatch::Root),
        _ => Ok(()),
    }
}

/// Checks that the tree of `size` leaves begins with the tree of `old` leaves (RFC 9162, section 2.1.4.2).
///
/// # Errors
/// Why the proof does not hold.
pub fn verify_consistency(old: u64, size: u64, old_root: &Hash, root: &Hash, proof: &[Hash]) -> Result<(), Mismatch> {
    if old == 0 || old > size {
        return Err(Mismatch::OutOfRange);
    }
    if old == size {
        return match (proof, old_root == root) {
            ([], true) => Ok(()),
            ([], false) => Err(Mismatch::Root),
            _ => Err(Mismatch::Length),
        };
    }
    // Where the old tree is one complete subtree its root begins the proof, and is not sent.
    let (start, rest) = match proof.split_first() {
        Some(_) if old.is_power_of_two() => (*old_root, proof),
        Some((first, rest)) => (*first, rest),
        None => return Err(Mismatch::Length),
    };
    let (mut first, mut last) = (old - 1, size - 1);
    while first & 1 == 1 {
        (first, last) = (first >> 1, last >> 1);
    }
    let (mut from_old, mut from_new) = (start, start);
    for sibling in rest {
        if last == 0 {
            return Err(Mismatch::Length);
        }
        if first & 1 == 1 || first == last {
            from_old = node_hash(sibling, &from_old);
            from_new = node_hash(sibling, &from_new);
            while first & 1 == 0 && first != 0 {
                (first, last) = (first >> 1, last >> 1);
            }
        } else {
            from_new = node_hash(&from_new, sibling);
        }
        (first, last) = (first >> 1, last >> 1);
    }
    if last != 0 {
        Err(Mismatch::Length)
    } else if from_old != *old_root {
        Err(Mismatch::OldRoot)
    } else if from_new != *root {
        Err(Mismatch::Root)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2::Sha256;

    /// The leaves and roots of the tests of Certificate Transparency's own implementations (RFC 6962).
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// Every complete subtree over these leaves, and the roots after each of them.
    fn grow(leaves: &[Vec<u8>]) -> (HashMap<Node, Hash>, Vec<Hash>) {
        let (mut edge, mut known, mut roots) = (Frontier::default(), HashMap::new(), vec![empty_root()]);
        for (position, leaf) in (0..).zip(leaves) {
            known.insert(Node { level: 0, position }, leaf_hash(leaf));
            known.extend(edge.push(leaf_hash(leaf)));
            roots.push(edge.root());
        }
        (known, roots)
    }

    fn proof(path: Vec<Range<u64>>, known: &HashMap<Node, Hash>) -> Vec<Hash> {
        path.into_iter().map(|range| hash_of(range, known).unwrap()).collect()
    }

    #[test]
    fn the_roots_are_those_of_certificate_transparency() {
        let leaves: Vec<Vec<u8>> = LEAVES.iter().map(|leaf| unhex(leaf)).collect();
        let (_, roots) = grow(&leaves);
        assert_eq!(hex(&roots[0]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(roots[1..].iter().map(|root| hex(root)).collect::<Vec<_>>(), ROOTS);
    }

    #[test]
    fn every_proof_of_every_small_tree_holds_and_is_what_another_implementation_makes() {
        let leaves: Vec<Vec<u8>> = (0..40_u8).map(|leaf| vec![leaf; 3]).collect();
        let (known, roots) = grow(&leaves);
        for size in 1..=leaves.len() {
            let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            leaves[..size].iter().cloned().for_each(|leaf| theirs.push(leaf));
            assert_eq!(theirs.root().as_bytes().as_slice(), roots[size]);
            let whole = u64::try_from(size).unwrap();
            for (index, leaf) in leaves.iter().enumerate().take(size) {
                let at = u64::try_from(index).unwrap();
                let proof = proof(inclusion(at, whole).unwrap(), &known);
                assert_eq!(proof.concat(), theirs.prove_inclusion(index).as_bytes(), "{index} of {size}");
                let leaf = leaf_hash(leaf);
                assert_eq!(verify_inclusion(&leaf, at, whole, &proof, &roots[size]), Ok(()));
                assert!(verify_inclusion(&leaf, at ^ 1, whole, &proof, &roots[size]).is_err() || size == 1);
                assert!(verify_inclusion(&leaf, at, whole, &proof, &roots[size - 1]).is_err());
            }
            for old in 1..=size {
                let from = u64::try_from(old).unwrap();
                let proof = proof(consistency(from, whole).unwrap(), &known);
                let theirs = theirs.prove_consistency(size - old);
                assert_eq!(proof.concat(), theirs.as_bytes(), "{old} to {size}");
                assert_eq!(verify_consistency(from, whole, &roots[old], &roots[size], &proof), Ok(()));
                assert!(verify_consistency(from, whole, &roots[old - 1], &roots[size], &proof).is_err());
                assert!(verify_consistency(from, whole, &roots[old], &roots[size - 1], &proof).is_err());
            }
        }
        assert_eq!((inclusion(3, 3), consistency(0, 3), consistency(4, 3)), (None, None, None));
    }

    proptest! {
        #[test]
        fn a_proof_in_which_anything_is_changed_does_not_hold(
            size in 2_u64..300, index in 0_u64..300, at in 0_usize..12, bit in 0_usize..256, added in any::<bool>()
        ) {
            let leaves: Vec<Vec<u8>> = (0..size).map(|leaf| leaf.to_be_bytes().to_vec()).collect();
            let (known, roots) = grow(&leaves);
            let (index, root) = (index % size, roots.last().unwrap());
            let mut hashes = proof(inclusion(index, size).unwrap(), &known);
            let leaf = leaf_hash(&index.to_be_bytes());
            prop_assert_eq!(verify_inclusion(&leaf, index, size, &hashes, root), Ok(()));
            if added {
                hashes.push([0; 32]);
            } else {
                let at = at % hashes.len();
                hashes[at][bit / 8] ^= 1 << (bit % 8);
            }
            prop_assert!(verify_inclusion(&leaf, index, size, &hashes, root).is_err());
        }
    }
}
