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
