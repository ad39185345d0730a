import BatchScript
import Glibc
import SansIO

/// `lastcall doctor`: each finding as soon as it is there, or all of them as one JSON object.
enum DoctorFace {
    static func run(_ words: DoctorOptions) -> ExitCode {
        guard let options = try? words.options else { return .usage }
        var findings: [Finding] = []
        var doctor = Doctor(options, environment: Environment.current) { finding in
            findings.append(finding)
            guard !words.json else { return }
            for line in finding.lines { OutputFiles.write(visible(line) + "\n", to: STDOUT_FILENO) }
        }
        let exit = doctor.examine()
        if words.json {
            let report = JSONObject([
                "v": .integer(1), "type": .text("doctor"), "checks": .list(findings.map { .object($0.record) }),
                "exit": .integer(Int(exit.rawValue)),
            ])
            OutputFiles.write(report.line + "\n", to: STDOUT_FILENO)
        }
        return exit
    }
}
