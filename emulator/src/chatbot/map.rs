//! Thumbnails of maps: real PNG files, drawn here, as no map of the world is at hand.

/// How large the picture is.
const WIDTH: u32 = 160;
const HEIGHT: u32 = 120;
/// Ground, park, street, pin, in red, green and blue.
const COLOURS: [[u8; 3]; 4] = [[0xee, 0xea, 0xe0], [0xc8, 0xe6, 0xc0], [0xff, 0xff, 0xff], [0xd9, 0x30, 0x25]];
const GROUND: u8 = 0;
const PARK: u8 = 1;
const STREET: u8 = 2;
const PIN: u8 = 3;
/// How far it is from street to street.
const BLOCK: u32 = 40;
const STREET_WIDTH: u32 = 5;
const PIN_RADIUS: u32 = 7;

/// The map around a place, in degrees. The same place always looks the same, and places beside each other fit together.
#[must_use]
pub fn png(latitude: f64, longitude: f64) -> Vec<u8> {
    let (east, south) = (pixels(longitude + 180.0), pixels(90.0 - latitude));
    // One block of stored data holds the whole picture.
    let mut rows = Vec::new();
    for y in 0..HEIGHT {
        // Each row begins with its filter: none.
        rows.push(0);
        rows.extend((0..WIDTH).map(|x| colour(x, y, east, south)));
    }
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    // 8 bits, by palette.
    header.extend([8, 3, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", &COLOURS.concat());
    chunk(&mut file, *b"IDAT", &stored(&rows));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// Degrees as pixels of a map of the whole world.
fn pixels(degrees: f64) -> u32 {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "360 degrees are less than 2^23 pixels"
    )]
    let pixels = (degrees.clamp(0.0, 360.0) * 20_000.0) as u32;
    pixels
}

fn colour(x: u32, y: u32, east: u32, south: u32) -> u8 {
    if x.abs_diff(WIDTH / 2).pow(2) + y.abs_diff(HEIGHT / 2).pow(2) <= PIN_RADIUS.pow(2) {
        return PIN;
    }
    let (x, y) = (east + x, south + y);
    if x % BLOCK < STREET_WIDTH || y % BLOCK < STREET_WIDTH {
        return STREET;
    }
    if (x / BLOCK * 7 + y / BLOCK * 3).is_multiple_of(5) {
        PARK
    } else {
        GROUND
    }
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    file.extend(length.to_be_bytes());
    let named = [name.as_slice(), data].concat();
    file.extend(&named);
    file.extend(crc32(&named).to_be_bytes());
}

/// Data of at most 65,535 bytes as zlib's, not compressed.
fn stored(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let mut stream = vec![0x78, 0x01, 0x01];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(data);
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn crc32(data: &[u8]) -> u32 {
    let rest = data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    });
    !rest
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standards() {
        // The check values of CRC-32 and Adler-32.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }

    #[test]
    fn a_map_is_a_picture_of_its_place() {
        let jakarta = png(-6.175, 106.827);
        assert_eq!(&jakarta[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(&jakarta[12..24], b"IHDR\0\0\0\xa0\0\0\0\x78");
        assert_eq!(&jakarta[jakarta.len() - 8..], b"IEND\xae\x42\x60\x82");
        assert_eq!(jakarta, png(-6.175, 106.827));
        assert_ne!(jakarta, png(-6.176, 106.827));
        for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (f64::NAN, f64::INFINITY)] {
            assert_eq!(png(latitude, longitude).len(), jakarta.len());
        }
    }
}
