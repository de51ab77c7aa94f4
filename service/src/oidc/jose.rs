//! Signing and verifying JSON Web Tokens (RFC 7515, RFC 7519) with ring. RSA keys are created by the crate `rsa`, because ring
//! creates none; nothing is signed or decrypted with it.

use data_encoding::BASE64URL_NOPAD;
use domain::applications::SigningAlgorithm;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents, UnparsedPublicKey,
};
use rsa::pkcs8::EncodePrivateKey;
use rsa::rand_core::{CryptoRng, RngCore};
use serde_json::{Map, Value, json};

use crate::{Error, Randomness};

/// The length of new RSA keys, in bits: the least that RFC 7518, section 3.3, allows, and what every client takes.
const RSA_BITS: usize = 2_048;

/// A private key.
pub(super) enum PrivateKey {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A new private key in the form of PKCS #8. Takes up to some seconds for RSA.
pub(super) fn generate(algorithm: SigningAlgorithm, randomness: &Randomness) -> Result<Vec<u8>, Error> {
    let system = SystemRandom::new();
    let unspecified = |_| Error::internal("a signing key can't be created");
    match algorithm {
        SigningAlgorithm::Rs256 => {
            let key = rsa::RsaPrivateKey::new(&mut Source(randomness), RSA_BITS).map_err(Error::internal)?;
            Ok(key.to_pkcs8_der().map_err(Error::internal)?.as_bytes().to_vec())
        }
        SigningAlgorithm::Es256 => {
            let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &system).map_err(unspecified)?;
            Ok(key.as_ref().to_vec())
        }
        SigningAlgorithm::EdDsa => Ok(Ed25519KeyPair::generate_pkcs8(&system).map_err(unspecified)?.as_ref().to_vec()),
    }
}

/// The randomness of the process in the form that the crate `rsa` takes.
struct Source<'a>(&'a Randomness);

impl RngCore for Source<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::from_ne_bytes(self.0.bytes())
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_ne_bytes(self.0.bytes())
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        for chunk in dest.chunks_mut(32) {
            chunk.copy_from_slice(&self.0.bytes::<32>()[..chunk.len()]);
        }
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for Source<'_> {}

impl PrivateKey {
    /// Reads a key that [`generate`] created.
    pub(super) fn from_pkcs8(algorithm: SigningAlgorithm, der: &[u8]) -> Result<Self, Error> {
        let rejected = |why| Error::internal(format!("a signing key can't be read: {why}"));
        match algorithm {
            SigningAlgorithm::Rs256 => RsaKeyPair::from_pkcs8(der).map(Self::Rsa).map_err(rejected),
            SigningAlgorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &SystemRandom::new())
                    .map(Self::Ecdsa)
                    .map_err(rejected)
            }
            SigningAlgorithm::EdDsa => Ed25519KeyPair::from_pkcs8(der).map(Self::Ed25519).map_err(rejected),
        }
    }

    /// The public key as a JWK (RFC 7517; RFC 8037 for Ed25519).
    pub(super) fn public_jwk(&self) -> Value {
        let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
        match self {
            Self::Rsa(key) => {
                let public = RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({ "kty": "RSA", "n": encode(&public.n), "e": encode(&public.e) })
            }
            Self::Ecdsa(key) => {
                // An uncompressed point: 4, then the coordinates of 32 bytes each.
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) })
            }
            Self::Ed25519(key) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(key.public_key().as_ref()) })
            }
        }
    }

    /// A JSON Web Token of a type in compact form, signed with this key.
    pub(super) fn sign(
        &self,
        algorithm: SigningAlgorithm,
        kid: &str,
        typ: &str,
        claims: &Map<String, Value>,
    ) -> Result<String, Error> {
        let header = json!({ "alg": algorithm.as_str(), "kid": kid, "typ": typ });
        let part = |json: String| BASE64URL_NOPAD.encode(json.as_bytes());
        let claims = serde_json::to_string(claims).map_err(Error::internal)?;
        let message = format!("{}.{}", part(header.to_string()), part(claims));
        let signature = self.signature(message.as_bytes())?;
        Ok(format!("{message}.{}", BASE64URL_NOPAD.encode(&signature)))
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let failed = |_| Error::internal("a token can't be signed");
        let system = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &system, message, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Self::Ecdsa(key) => Ok(key.sign(&system, message).map_err(failed)?.as_ref().to_vec()),
            Self::Ed25519(key) => Ok(key.sign(message).as_ref().to_vec()),
        }
    }
}

/// A token whose signature is not checked yet.
pub(super) struct Unverified<'a> {
    /// The id of the key that signed it, if it names one.
    pub(super) kid: Option<String>,
    /// The type, if it names one.
    pub(super) typ: Option<String>,
    algorithm: String,
    message: &'a str,
    signature: Vec<u8>,
    claims: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    /// Reads a token in compact form.
    pub(super) fn parse(token: &'a str) -> Option<Self> {
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let json = |part: &str| serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).ok()?).ok();
        let Value::Object(header) = json(header)? else { return None };
        let Value::Object(claims) = json(claims)? else { return None };
        // Extensions that must be understood, and are not (RFC 7515, section 4.1.11).
        if header.contains_key("crit") {
            return None;
        }
        let named = |name: &str| header.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            kid: named("kid"),
            typ: named("typ"),
            algorithm: named("alg")?,
            signature: BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?,
            message,
            claims,
        })
    }

    /// A claim that is a text, no matter who signed it.
    pub(super) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// The claims, if the key signed them. The algorithm is that of the key, whatever the token says (RFC 8725, section 3.1).
    pub(super) fn verify(self, algorithm: SigningAlgorithm, public_jwk: &Value) -> Option<Map<String, Value>> {
        if !algorithm.is_named(&self.algorithm) {
            return None;
        }
        let member = |name: &str| BASE64URL_NOPAD.decode(public_jwk.get(name)?.as_str()?.as_bytes()).ok();
        let (message, signature) = (self.message.as_bytes(), &self.signature);
        let verified = match algorithm {
            SigningAlgorithm::Rs256 => RsaPublicKeyComponents { n: member("n")?, e: member("e")? }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
            SigningAlgorithm::Es256 => {
                let point = [&[4][..], &member("x")?, &member("y")?].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            SigningAlgorithm::EdDsa => UnparsedPublicKey::new(&ED25519, member("x")?).verify(message, signature),
        };
        verified.is_ok().then_some(self.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_key_signs_only_it_verifies() {
        let randomness = Randomness::from_seed(1);
        for algorithm in SigningAlgorithm::ALL {
            let [own, other] = [(), ()]
                .map(|()| PrivateKey::from_pkcs8(algorithm, &generate(algorithm, &randomness).unwrap()).unwrap());
            let claims = json!({ "sub": "mateo" }).as_object().unwrap().clone();
            let token = own.sign(algorithm, "k1", "JWT", &claims).unwrap();
            let read = || Unverified::parse(&token).unwrap();
            assert_eq!(read().kid.as_deref(), Some("k1"));
            assert_eq!(read().verify(algorithm, &own.public_jwk()), Some(claims));
            assert_eq!(read().verify(algorithm, &other.public_jwk()), None);
            // Another claim under the same signature.
            let parts: Vec<&str> = token.split('.').collect();
            let forged = format!("{}.{}.{}", parts[0], BASE64URL_NOPAD.encode(br#"{"sub":"eve"}"#), parts[2]);
            assert_eq!(Unverified::parse(&forged).unwrap().verify(algorithm, &own.public_jwk()), None);
            // No signature at all.
            let header = BASE64URL_NOPAD.encode(br#"{"alg":"none","kid":"k1"}"#);
            let none = format!("{header}.{}.", parts[1]);
            assert_eq!(Unverified::parse(&none).unwrap().verify(algorithm, &own.public_jwk()), None);
        }
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        for text in ["", ".", "..", "a.b.c", "e30.e30.", "é.é.é"] {
            assert!(Unverified::parse(text).is_none(), "{text}");
        }
    }
}
