//go:build !race

package esdb_test

// raceDetector tells that the tests run under it.
const raceDetector = false
