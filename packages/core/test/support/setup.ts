// The suite itself may run in CI, where the default mode is another one.
delete process.env['CI']
delete process.env['CASSETTE_MODE']
