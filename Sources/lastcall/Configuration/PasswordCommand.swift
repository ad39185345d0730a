import Glibc
import SansIO

/// Runs the program that knows a password.
enum PasswordCommand {
    /// The first line the program prints.
    ///
    /// - Parameter mayAsk: it has the terminal to ask its user something; if not, it has neither input nor a place to
    ///   write complaints to.
    static func password(from command: [String], mayAsk: Bool = true) throws(SystemError) -> Secret<String> {
        guard let program = command.first else { throw SystemError(reason: "no program is named") }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError.last }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let process = try start(program, command, output: ends[1], mayAsk)
        close(ends[1])
        let output = try FileContents.readAll(ends[0], atMost: 4_096)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw SystemError(reason: "it ended with status \(status >> 8 & 0xFF)") }
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
        guard let line = lines.first else { throw SystemError(reason: "it printed nothing") }
        return Secret(String(line))
    }

    private static func start(_ program: String, _ command: [String], output: Int32, _ mayAsk: Bool) throws(SystemError)
        -> pid_t
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        if !mayAsk {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let error = posix_spawnp(&process, program, &actions, nil, &arguments, environ)
        guard error == 0 else {
            close(output)
            throw SystemError(code: error)
        }
        return process
    }
}
