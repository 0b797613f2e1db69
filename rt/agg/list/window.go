package list

import "pyfc/rt/agg"

// windows has a line for each function that only stands over a window.
var windows = []*agg.WindowDecl{
	&agg.RowNumberDecl,
	&agg.RankDecl,
	&agg.DenseRankDecl,
	&agg.PercentRankDecl,
	&agg.CumeDistDecl,
	&agg.NtileDecl,
	&agg.LagDecl,
	&agg.LeadDecl,
}

// Window finds the function over windows of that name, in upper case.
func Window(name string) (*agg.WindowDecl, bool) {
	for _, d := range windows {
		if d.Name == name {
			return d, true
		}
	}
	return nil, false
}

// Windows lists them all.
func Windows() []*agg.WindowDecl { return windows }
