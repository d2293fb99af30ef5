//! From where a request comes: the peer, or what a proxy that is trusted says of it.
//!
//! A header that anybody can write decides nothing: it is read only where the peer is a proxy of ours, and of its addresses the
//! right-most counts that is none of ours, because every hop adds its own on the right. Nothing else that a proxy may say is
//! believed: where people reach the service is a setting, never a header.

use super::problem::ApiError;
use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderName},
};
use ipnet::IpNet;
use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

/// The header in which our proxies say whom they speak for. One alone is read: a proxy that writes the one may pass on what a
/// caller wrote into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, which most proxies write.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl FromStr for ProxyHeader {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "x-forwarded-for" => Ok(Self::XForwardedFor),
            "forwarded" => Ok(Self::Forwarded),
            _ => Err(()),
        }
    }
}

/// The proxies that are believed.
#[derive(Debug, Clone)]
pub struct Proxies {
    /// Their networks.
    pub trusted: Vec<IpNet>,
    /// What they write.
    pub header: ProxyHeader,
}

impl Proxies {
    /// None: the peer is the caller.
    pub const fn none() -> Self {
        Self { trusted: Vec::new(), header: ProxyHeader::XForwardedFor }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// The address of whoever sent the request to the outermost of our proxies.
    pub fn caller(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.to_canonical());
        let name = HeaderName::from_static(match self.header {
            ProxyHeader::XForwardedFor => "x-forwarded-for",
            ProxyHeader::Forwarded => "forwarded",
        });
        // The lines of a header are one list, in their order (RFC 9110, 5.3).
        let lines: Vec<&str> = headers.get_all(name).map(|value| value.to_str().unwrap_or_default()).collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            if !self.trusts(address) {
                break;
            }
            let hop = match self.header {
                ProxyHeader::XForwardedFor => Some(hop),
                ProxyHeader::Forwarded => hop.split(';').find_map(|pair| {
                    let (name, value) = pair.trim().split_once('=')?;
                    name.eq_ignore_ascii_case("for").then(|| value.trim_matches('"'))
                }),
            };
            // What can't be read hides who it was: then the proxy that wrote it is the caller.
            let Some(hop) = hop.and_then(parse) else { break };
            address = hop;
        }
        address
    }
}

/// An address as proxies write it: alone, with a port, in brackets.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// What one household or machine has of the address space: an IPv4 address, or the /64 of an IPv6 address, within which
/// anybody has as many addresses as they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block(IpAddr);

impl Block {
    /// The block of an address.
    pub fn of(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from(network))
            }
        })
    }

    /// Its text, for a hash.
    pub fn text(&self) -> String {
        self.0.to_string()
    }
}

impl FromRequest for Block {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let known = request.extensions().get::<Self>().copied();
        ready(known.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a request without an address"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn caller(header: ProxyHeader, peer: &str, lines: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        for line in lines {
            for name in ["x-forwarded-for", "forwarded"] {
                headers.append(HeaderName::from_static(name), HeaderValue::from_str(line).unwrap());
            }
        }
        Proxies { trusted, header }.caller(Some(peer.parse().unwrap()), &headers).to_string()
    }

    #[test]
    fn a_header_counts_only_where_a_trusted_proxy_wrote_it() {
        let x = |peer: &str, lines: &[&str]| caller(ProxyHeader::XForwardedFor, peer, lines);
        assert_eq!(x("192.0.2.1", &["198.51.100.7"]), "192.0.2.1", "the peer is no proxy of ours");
        assert_eq!(x("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(x("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(x("10.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7", "the caller wrote the first itself");
        assert_eq!(x("10.0.0.1", &["203.0.113.9", "198.51.100.7, 10.0.0.2"]), "198.51.100.7", "two of our proxies");
        assert_eq!(x("10.0.0.1", &["10.0.0.3,10.0.0.2"]), "10.0.0.3", "one of ours asks by itself");
        assert_eq!(x("10.0.0.1", &["198.51.100.7, unknown"]), "10.0.0.1", "what can't be read is nobody's address");
        assert_eq!(x("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(x("::ffff:10.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1", "IPv4 in IPv6 is IPv4");
        assert_eq!(x("fd00::1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn the_standard_header_is_read_where_it_is_the_one_that_our_proxies_write() {
        let f = |lines: &[&str]| caller(ProxyHeader::Forwarded, "10.0.0.1", lines);
        assert_eq!(f(&["for=192.0.2.60;proto=https;by=203.0.113.43"]), "192.0.2.60");
        assert_eq!(f(&["for=203.0.113.9, For=\"[2001:db8:cafe::17]:4711\""]), "2001:db8:cafe::17");
        assert_eq!(f(&["for=192.0.2.60, for=_hidden"]), "10.0.0.1");
        assert_eq!(f(&["198.51.100.7"]), "10.0.0.1", "the other header's form");
    }

    #[test]
    fn a_block_is_an_address_or_the_64_bits_that_one_household_has() {
        let block = |text: &str| Block::of(text.parse().unwrap());
        assert_ne!(block("192.0.2.1"), block("192.0.2.2"));
        assert_eq!(block("2001:db8:1:2::1"), block("2001:db8:1:2:ffff::9"));
        assert_ne!(block("2001:db8:1:2::1"), block("2001:db8:1:3::1"));
    }
}
