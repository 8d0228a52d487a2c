//! State as bytes, written and read by the same method.
//!
//! A type with a state visits its fields with an [`Archive`], always in the same order. An archive that is
//! being written stores the fields; an archive that is being read restores them. So neither direction can
//! forget a field that the other knows.
//!
//! The bytes are a row of little-endian 64-bit words: whole numbers, or the bits of doubles. They are not
//! trusted: a visit names the range of every field, lists are no longer than the bytes that are left, and
//! after the first fault nothing is read any more.
//!
//! ```
//! use stackel_core::archive::Archive;
//!
//! #[derive(Default, Debug, PartialEq)]
//! struct Walk { steps: u64, place: f64 }
//!
//! impl Walk {
//!     fn exchange(&mut self, archive: &mut Archive) {
//!         archive.count(&mut self.steps, 1 << 53);
//!         archive.real(&mut self.place, 1e100);
//!     }
//! }
//!
//! let mut walk = Walk { steps: 3, place: -0.5 };
//! let bytes = Archive::write(|archive| walk.exchange(archive))?;
//! let mut copy = Walk::default();
//! Archive::read(&bytes, |archive| copy.exchange(archive))?;
//! assert_eq!(walk, copy);
//! assert!(Archive::read(&bytes[1..], |archive| copy.exchange(archive)).is_err());
//! # Ok::<(), stackel_core::SpecError>(())
//! ```

use std::collections::HashSet;

use crate::error::SpecError;

/// Number of bytes of a word.
const WORD: usize = size_of::<u64>();

/// A state that is being written to bytes, or read from bytes.
#[derive(Debug)]
pub struct Archive<'a> {
    way: Way<'a>,
    /// The first fault.
    fault: Option<String>,
}

#[derive(Debug)]
enum Way<'a> {
    Write(Vec<u8>),
    /// The bytes that are left to be read.
    Read(&'a [u8]),
}

impl<'a> Archive<'a> {
    /// The bytes of the fields that `visit` visits.
    pub fn write(visit: impl FnOnce(&mut Archive)) -> Result<Vec<u8>, SpecError> {
        let mut archive = Archive::new(Way::Write(Vec::new()));
        visit(&mut archive);
        match archive {
            Archive {
                way: Way::Write(bytes),
                fault: None,
            } => Ok(bytes),
            archive => Err(archive.error()),
        }
    }

    /// Restores the fields that `visit` visits from `bytes`. After an error, some of them may have changed.
    pub fn read(bytes: &'a [u8], visit: impl FnOnce(&mut Archive)) -> Result<(), SpecError> {
        let mut archive = Archive::new(Way::Read(bytes));
        visit(&mut archive);
        if let Way::Read(rest @ [_, ..]) = archive.way {
            let count = rest.len();
            archive.refuse(&format!("{count} bytes too many"));
        }
        match archive.fault {
            None => Ok(()),
            Some(_) => Err(archive.error()),
        }
    }

    fn new(way: Way<'a>) -> Self {
        Self { way, fault: None }
    }

    fn error(self) -> SpecError {
        let allowed = "the state of a game between such players";
        SpecError::new("snapshot", allowed, self.fault.unwrap_or_default())
    }

    /// Records a fault, unless there is one already.
    pub fn refuse(&mut self, fault: &str) {
        self.fault.get_or_insert_with(|| fault.to_string());
    }

    /// A whole number, at most `most`.
    pub fn count(&mut self, value: &mut u64, most: u64) {
        let word = self.word(*value);
        if word <= most {
            *value = word;
        } else {
            self.refuse(&format!("the number {word} where {most} is the most"));
        }
    }

    /// A whole number below `end`.
    pub fn index(&mut self, value: &mut usize, end: usize) {
        let mut word = *value as u64;
        match end.checked_sub(1) {
            Some(last) => self.count(&mut word, last as u64),
            None => self.refuse("a number where no number is allowed"),
        }
        // After a fault the word is unchanged; otherwise it is below `end`, a usize.
        *value = usize::try_from(word).unwrap_or(*value);
    }

    /// A whole number below `end`, or none.
    pub fn optional_index(&mut self, value: &mut Option<usize>, end: usize) {
        let mut code = value.map_or(0, |index| index + 1);
        self.index(&mut code, end + 1);
        *value = code.checked_sub(1);
    }

    /// A flag, 0 or 1.
    pub fn flag(&mut self, value: &mut bool) {
        let mut word = u64::from(*value);
        self.count(&mut word, 1);
        *value = word == 1;
    }

    /// A number of absolute value at most `most`, which may be infinite. NaN is refused.
    pub fn real(&mut self, value: &mut f64, most: f64) {
        let number = f64::from_bits(self.word(value.to_bits()));
        if number.abs() <= most {
            *value = number;
        } else {
            self.refuse(&format!("the number {number} where {most:?} is the most"));
        }
    }

    /// The length of a list that follows, at most the number of words that are left.
    pub fn length(&mut self, length: &mut usize) {
        let longest = match &self.way {
            Way::Write(_) => usize::MAX,
            Way::Read(bytes) => bytes.len() / WORD,
        };
        self.index(length, longest);
    }

    /// A list of different whole numbers below `end`, at least one.
    pub fn indices(&mut self, list: &mut Vec<usize>, end: usize) {
        let mut length = list.len();
        self.length(&mut length);
        if length == 0 {
            self.refuse("an empty list");
        }
        list.resize(length, 0);
        for value in list.iter_mut() {
            self.index(value, end);
        }
        if list.iter().collect::<HashSet<_>>().len() < length {
            self.refuse("a list that names a number twice");
        }
    }

    /// A word: written from `value`, or read.
    fn word(&mut self, value: u64) -> u64 {
        if self.fault.is_some() {
            return value;
        }
        match &mut self.way {
            Way::Write(bytes) => bytes.extend_from_slice(&value.to_le_bytes()),
            Way::Read(bytes) => {
                if let Some((word, rest)) = bytes.split_first_chunk() {
                    *bytes = rest;
                    return u64::from_le_bytes(*word);
                }
                self.refuse("too few bytes");
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(words: &[u64], visit: impl FnOnce(&mut Archive)) -> String {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        Archive::read(&bytes, visit).unwrap_err().given
    }

    #[test]
    fn values_out_of_range_are_refused_and_change_nothing() {
        let (mut count, mut index, mut real, mut flag) = (1, 2, 3.0, true);
        assert_eq!(
            fault(&[11], |archive| archive.count(&mut count, 10)),
            "the number 11 where 10 is the most"
        );
        assert!(fault(&[5], |archive| archive.index(&mut index, 5)).contains("4 is the most"));
        assert!(fault(&[0], |archive| archive.index(&mut index, 0)).contains("no number"));
        assert!(fault(&[2], |archive| archive.flag(&mut flag)).contains("1 is the most"));
        for bad in [f64::NAN, f64::INFINITY, 1e101] {
            assert!(
                fault(&[bad.to_bits()], |archive| archive.real(&mut real, 1e100)).contains("1e100")
            );
        }
        assert_eq!((count, index, real, flag), (1, 2, 3.0, true));
    }

    #[test]
    fn values_that_are_written_are_held_to_the_same_ranges() {
        assert!(Archive::write(|archive| archive.real(&mut f64::NAN.clone(), 1.0)).is_err());
        assert!(Archive::write(|archive| archive.count(&mut 3, 2)).is_err());
    }

    #[test]
    fn lists_are_no_longer_than_their_bytes() {
        let mut list = vec![1];
        assert!(!fault(&[1 << 40, 0], |archive| archive.indices(&mut list, 9)).is_empty());
        assert!(list.len() <= 1);
        let bytes = Archive::write(|archive| archive.indices(&mut vec![4, 0, 8], 9)).unwrap();
        Archive::read(&bytes, |archive| archive.indices(&mut list, 9)).unwrap();
        assert_eq!(list, [4, 0, 8]);
        assert!(fault(&[0], |archive| archive.indices(&mut list, 9)).contains("empty"));
        assert!(fault(&[2, 5, 5], |archive| archive.indices(&mut list, 9)).contains("twice"));
    }

    #[test]
    fn missing_and_surplus_bytes_are_faults() {
        let mut count = 0;
        assert_eq!(
            fault(&[], |archive| archive.count(&mut count, 9)),
            "too few bytes"
        );
        assert_eq!(
            fault(&[1, 2], |archive| archive.count(&mut count, 9)),
            "8 bytes too many"
        );
    }
}
