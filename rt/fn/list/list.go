// Package list names every scalar function. Only the compiler imports it, so
// that a binary links no function that it doesn't call.
package list

import (
	"strings"

	"pyfc/ir/types"
	"pyfc/rt/fn"
)

// All are the declared functions.
var All = []fn.Decl{
	fn.PlusDecl, fn.MinusDecl, fn.TimesDecl, fn.DivideDecl, fn.ModDecl,
	fn.EqualDecl, fn.NotEqualDecl, fn.LessDecl, fn.LessOrEqualDecl, fn.GreaterDecl, fn.GreaterOrEqualDecl,
	fn.NotDecl, fn.AndDecl, fn.OrDecl, fn.IsNullDecl, fn.IsNotNullDecl,
	fn.ExtractDecl, fn.TimestampAddDecl, fn.TimestampDiffDecl, fn.OverlapsDecl, fn.MillisBetweenDecl, fn.MonthsBetweenDecl, fn.ToTimestampLTZDecl,
	fn.DateFormatDecl, fn.ConvertZoneDecl, fn.FromUnixTimeDecl, fn.UnixTimestampDecl, fn.ToDateDecl, fn.ToTimestampDecl, fn.FloorDecl, fn.CeilDecl,
	fn.NowDecl, fn.RowTimestampDecl, fn.CurrentWatermarkDecl, fn.ProctimeDecl, fn.LocalTimestampDecl, fn.CurrentDateDecl, fn.CurrentTimeDecl,
	fn.ArrayDecl, fn.MapDecl, fn.RowDecl, fn.ItemDecl, fn.FieldDecl, fn.CardinalityDecl, fn.ElementDecl,
	fn.ArrayAppendDecl, fn.ArrayPrependDecl, fn.ArrayConcatDecl, fn.ArrayContainsDecl, fn.ArrayPositionDecl,
	fn.ArrayRemoveDecl, fn.ArrayDistinctDecl, fn.ArrayUnionDecl, fn.ArrayIntersectDecl, fn.ArrayExceptDecl,
	fn.ArrayReverseDecl, fn.ArraySliceDecl, fn.ArraySortDecl, fn.ArrayMaxDecl, fn.ArrayMinDecl, fn.ArrayJoinDecl, fn.SplitDecl,
	fn.MapKeysDecl, fn.MapValuesDecl, fn.MapEntriesDecl, fn.MapFromArraysDecl, fn.MapUnionDecl,
	fn.GreatestDecl, fn.LeastDecl, fn.HashCodeDecl,
	fn.IsJSONDecl, fn.JSONExistsDecl, fn.JSONValueDecl, fn.JSONQueryDecl, fn.JSONStringDecl, fn.JSONObjectDecl, fn.JSONArrayDecl,
	fn.UpperDecl, fn.LowerDecl, fn.CharLengthDecl, fn.ConcatDecl,
	fn.SubstringDecl, fn.LeftDecl, fn.RightDecl, fn.SplitIndexDecl,
	fn.LpadDecl, fn.RpadDecl, fn.RepeatDecl, fn.ReverseDecl, fn.OverlayDecl, fn.TrimDecl, fn.LtrimDecl, fn.RtrimDecl,
	fn.PositionDecl, fn.LocateDecl, fn.InstrDecl, fn.ReplaceDecl, fn.ConcatAllDecl, fn.ConcatWSDecl,
	fn.AsciiDecl, fn.ChrDecl, fn.InitcapDecl, fn.HexDecl, fn.BinDecl, fn.IsAlphaDecl, fn.IsDigitDecl, fn.IsDecimalDecl,
	fn.ToBase64Decl, fn.FromBase64Decl, fn.EncodeDecl, fn.DecodeDecl, fn.ParseURLDecl,
	fn.ExpDecl, fn.LnDecl, fn.LogDecl, fn.Log2Decl, fn.Log10Decl, fn.PowerDecl, fn.SqrtDecl, fn.SinDecl, fn.CosDecl, fn.TanDecl, fn.CotDecl,
	fn.SinhDecl, fn.CoshDecl, fn.TanhDecl, fn.AsinDecl, fn.AcosDecl, fn.AtanDecl, fn.Atan2Decl, fn.DegreesDecl, fn.RadiansDecl,
	fn.PiDecl, fn.EDecl, fn.AbsDecl, fn.SignDecl, fn.RoundDecl, fn.TruncateDecl, fn.RandDecl, fn.RandIntegerDecl, fn.UUIDDecl,
	fn.LikeDecl, fn.SimilarDecl, fn.RegexpDecl, fn.RegexpExtractDecl, fn.RegexpReplaceDecl, fn.StrToMapDecl,
	fn.Md5Decl, fn.Sha1Decl, fn.Sha224Decl, fn.Sha256Decl, fn.Sha384Decl, fn.Sha512Decl, fn.Sha2Decl,
}

var byName = index()

func index() map[string]*fn.Decl {
	m := map[string]*fn.Decl{}
	for i := range All {
		m[All[i].Name] = &All[i]
		for _, a := range All[i].Aliases {
			m[a] = &All[i]
		}
	}
	return m
}

// Lookup finds a function by name, in any case.
func Lookup(name string) (*fn.Decl, bool) {
	d, ok := byName[strings.ToUpper(name)]
	return d, ok
}

// Names lists all names and aliases, for the did-you-mean.
func Names() []string {
	out := make([]string, 0, len(byName))
	for n := range byName {
		out = append(out, n)
	}
	return out
}

// Cast finds the conversion between two kinds. Text is text, whether of fixed
// or of varying length, where a conversion begins.
func Cast(from, to types.Kind) (fn.CastDecl, bool) {
	if from == types.Char {
		from = types.VarChar
	}
	for _, c := range fn.Casts {
		if c.From == from && c.To == to {
			return c, true
		}
	}
	return fn.CastDecl{}, false
}

// CastVia is the type that a conversion goes through where no function does it
// at once: what becomes text of a limited length is made STRING first.
func CastVia(from, to types.Type) (via types.Type, ok bool) {
	if !to.Text() || from.Text() || to.SameRoot(types.String()) {
		return via, false
	}
	return types.String().WithNull(from.Nullable), true
}
