/// Reads the configuration out of YAML. A key that is not known is an error and not a surprise; everything that is wrong is
/// told at once.
struct ConfigurationReader {
    let file: String

    func read(_ text: String) throws(ConfigurationErrors) -> Configuration {
        var reading = ConfigurationReading(file: file)
        let configuration = reading.configuration(text)
        try reading.check()
        return configuration
    }
}
