package fn

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"errors"

	"pyfc/ir/types"
	"pyfc/rt/val"
)

const lowerHex = "0123456789abcdef"

type bytesLike interface{ string | val.Bytes }

// Md5 is the MD5 hash in hexadecimal, as the other hashes are.
func Md5[T bytesLike](a *val.Arena, s T) string {
	h := md5.Sum([]byte(s))
	return hexBytes(a, val.View(h[:]), lowerHex)
}

// Sha1 is the SHA-1 hash.
func Sha1[T bytesLike](a *val.Arena, s T) string {
	h := sha1.Sum([]byte(s))
	return hexBytes(a, val.View(h[:]), lowerHex)
}

// Sha224 is the SHA-224 hash.
func Sha224[T bytesLike](a *val.Arena, s T) string {
	h := sha256.Sum224([]byte(s))
	return hexBytes(a, val.View(h[:]), lowerHex)
}

// Sha256 is the SHA-256 hash.
func Sha256[T bytesLike](a *val.Arena, s T) string {
	h := sha256.Sum256([]byte(s))
	return hexBytes(a, val.View(h[:]), lowerHex)
}

// Sha384 is the SHA-384 hash.
func Sha384[T bytesLike](a *val.Arena, s T) string {
	h := sha512.Sum384([]byte(s))
	return hexBytes(a, val.View(h[:]), lowerHex)
}

// Sha512 is the SHA-512 hash.
func Sha512[T bytesLike](a *val.Arena, s T) string {
	h := sha512.Sum512([]byte(s))
	return hexBytes(a, val.View(h[:]), lowerHex)
}

// Sha2 is the hash of SHA-2 with so many bits.
func Sha2[T bytesLike](a *val.Arena, s T, bits int64) (string, error) {
	switch bits {
	case 224:
		return Sha224(a, s), nil
	case 256:
		return Sha256(a, s), nil
	case 384:
		return Sha384(a, s), nil
	case 512:
		return Sha512(a, s), nil
	}
	return "", errors.New("SHA-2 has 224, 256, 384 or 512 bits")
}

// checkBits refuses a constant text's hash with a number of bits that there isn't.
func checkBits(args []Arg) error {
	bits, ok := args[1].Value.(int64)
	if !ok || !args[0].Const || args[0].Value == nil {
		return nil
	}
	_, err := Sha2(val.NewArena(), "", bits)
	return err
}

// hashDecl declares a hash function of so many hexadecimal digits.
func hashDecl(name string, digits int, ofABC string, impls ...any) Decl {
	return Decl{Name: name, Doc: "The " + name + " hash in hexadecimal.",
		Overloads: []Overload{{Params: []Param{bytesParam}, Impls: impls,
			Result: func([]Arg) types.Type { return types.NewChar(digits).NotNull() }}},
		Examples: []Example{{name + "('abc')", ofABC}, {name + "(CAST(NULL AS STRING))", "NULL"}}}
}

// Declarations.
var (
	Md5Decl    = hashDecl("MD5", 32, "900150983cd24fb0d6963f7d28e17f72", Md5[string], Md5[val.Bytes])
	Sha1Decl   = hashDecl("SHA1", 40, "a9993e364706816aba3e25717850c26c9cd0d89d", Sha1[string], Sha1[val.Bytes])
	Sha224Decl = hashDecl("SHA224", 56, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7", Sha224[string], Sha224[val.Bytes])
	Sha256Decl = hashDecl("SHA256", 64, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Sha256[string], Sha256[val.Bytes])
	Sha384Decl = hashDecl("SHA384", 96, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7", Sha384[string], Sha384[val.Bytes])
	Sha512Decl = hashDecl("SHA512", 128, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f", Sha512[string], Sha512[val.Bytes])
	Sha2Decl   = Decl{Name: "SHA2", Doc: "The hash of SHA-2 with 224, 256, 384 or 512 bits in hexadecimal.",
		Overloads: []Overload{{Params: []Param{bytesParam, longParam}, Check: checkBits, Result: func([]Arg) types.Type { return varChar(128) }, Impls: []any{Sha2[string], Sha2[val.Bytes]}}},
		Examples:  []Example{{"SHA2('abc', 224)", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"}, {"SHA2('abc', CAST(NULL AS INT))", "NULL"}}}
)
