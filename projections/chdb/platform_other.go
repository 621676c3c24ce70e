//go:build !linux && !darwin

package chdb

import "os"

// No engine is published for these platforms. The package still compiles, so
// that a build that speaks to a ClickHouse server is possible everywhere.

func openLibrary(string) (uintptr, error)         { return 0, ErrUnsupported }
func findSymbol(uintptr, string) (uintptr, error) { return 0, ErrUnsupported }
func lockFile(string) (*os.File, error)           { return nil, ErrUnsupported }
func syncDir(string) error                        { return nil }
func diskFull(error) bool                         { return false }
