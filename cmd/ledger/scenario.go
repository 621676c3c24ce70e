package main

type importCmd struct{}
type sampleCmd struct{}
type scenarioCmd struct{}
