import ArgumentParser
import BatchScript
import Glibc

/// What can be asked about the configuration without a run.
enum ConfigurationQuestion: String, CaseIterable, EnumerableFlag {
    case checkConfig, printConfig, defaultConfig

    static func help(for question: ConfigurationQuestion) -> ArgumentHelp? {
        switch question {
        case .checkConfig:
            "Say everything that is wrong with the configuration, and leave; nothing is exit code 0, else 3."
        case .printConfig: "Print the configuration in force and where each value comes from, and leave."
        case .defaultConfig: "Print a configuration that explains itself, and leave."
        }
    }

    func answer(_ options: Options, environment: [String: String]) throws(ConfigurationErrors) -> String {
        let file = options.configurationFile(environment)
        switch self {
        case .defaultConfig: return ConfigurationExample.text
        case .printConfig:
            return ConfigurationPrintout(options, try options.configuration(environment), environment: environment).text
        case .checkConfig:
            let configuration = try options.configuration(environment)
            guard let path = file.path, file.exists else {
                return "There is no configuration" + (file.path.map { " at \($0)" } ?? "")
                    + "; the defaults are in force.\n"
            }
            let count = configuration.accounts.count
            return "\(path) is good: \(count == 1 ? "one account" : "\(count) accounts").\n"
        }
    }
}
