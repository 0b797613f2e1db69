package ir

// For tests of what other packages know of every kind.
var ExpressionKinds = expressionKinds
