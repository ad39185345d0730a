import Media
import SansIO

/// One call on the audio thread: its ports, its machine, its device.
struct AudioLine {
    let id: MediaID
    let ports: PortPair
    private var machine: CallAudio
    private var device: AudioDevice?
    private var isMuted = false
    private var source = SoundSource.silence
    private var recorder: WAVRecorder?
    /// Of both sides: as it was asked for, and the file that it goes to.
    private var transcript: (asked: String, file: WAVRecorder)?
    private var mixes: [MediaID] = []
    /// What the peer said in the newest 20 ms.
    private(set) var heard = AudioFrame.silence

    init(_ id: MediaID, ports: PortPair, entropy: Entropy) {
        self.id = id
        self.ports = ports
        machine = CallAudio(entropy: entropy)
    }

    var isRunning: Bool { machine.isRunning }

    mutating func follow(_ plan: MediaPlan, at now: Instant) -> [MediaEvent] {
        isMuted = plan.isMuted
        mixes = plan.mixes
        var events = plug(in: plan.device)
        events += transcribe(to: plan.recording)
        events += handle(.agreed(plan.audio), at: now)
        return events
    }

    /// 20 ms are over.
    ///
    /// - Parameter others: what the peers of all calls said in the 20 ms before.
    mutating func frame(hearing others: [MediaID: [Int16]], at now: Instant) -> [MediaEvent] {
        guard isRunning else { return [] }
        let sound = source.next()
        let said = Mixer.sum([isMuted ? AudioFrame.silence : sound] + mixes.compactMap { others[$0] })
        var events = handle(.frame(captured: said), at: now)
        if let trouble = transcript?.file.append(Mixer.sum([said, heard])) {
            _ = transcript?.file.finish()
            transcript = nil
            events.append(.failed(id, trouble))
        }
        return events
    }

    mutating func handle(_ input: CallAudio.Input, at now: Instant) -> [MediaEvent] {
        var events: [MediaEvent] = []
        for output in machine.handle(input, at: now) {
            switch output {
            case .sendRTP(let bytes, let remote): PortPair.send(bytes, to: remote, over: ports.rtp)
            case .sendRTCP(let bytes, let remote): PortPair.send(bytes, to: remote, over: ports.rtcp)
            case .play(let frame):
                heard = frame
                source.heard(frame)
                events += record(frame)
            case .event(let event): events.append(translate(event))
            }
        }
        return events
    }

    /// Says goodbye, completes the recording, frees the ports; the last event is `.closed`.
    mutating func close(at now: Instant) -> [MediaEvent] {
        let farewell = handle(.end, at: now)
        let troubles = [recorder?.finish(), transcript?.file.finish()].compactMap(\.self)
        let trouble = troubles.map { MediaEvent.failed(id, $0) }
        recorder = nil
        transcript = nil
        ports.close()
        return trouble + farewell
    }

    /// What cannot be had of a device is reported, and the call goes on with silence in its place.
    private mutating func plug(in wanted: AudioDevice) -> [MediaEvent] {
        guard wanted != device else { return [] }
        var troubles: [MediaFailure?] = [recorder?.finish()]
        var opened: MediaEvent?
        device = wanted
        source = .silence
        recorder = nil
        switch wanted {
        case .null: break
        case .tone(let hertz): source = .tone(hertz: hertz)
        case .echo: source = .echo
        case .file(let input, let output):
            do throws(MediaFailure) {
                if let input {
                    source = .loop(try SoundFile.read(input))
                    opened = .playing(id, input)
                }
            } catch { troubles.append(error) }
            do throws(MediaFailure) {
                if let output { recorder = try WAVRecorder(path: output) }
            } catch { troubles.append(error) }
        }
        return troubles.compactMap { $0.map { .failed(id, $0) } } + (opened.map { [$0] } ?? [])
    }

    /// The recording of both sides: another file, or none, ends the one before.
    private mutating func transcribe(to wanted: MediaPlan.Recording?) -> [MediaEvent] {
        guard wanted?.path != transcript?.asked, wanted?.path != transcript?.file.path else { return [] }
        var events = transcript?.file.finish().map { [MediaEvent.failed(id, $0)] } ?? []
        transcript = nil
        guard let wanted else { return events }
        if wanted.isNamedByUs { Folders.make(for: wanted.path) }
        do throws(MediaFailure) {
            let file =
                wanted.isNamedByUs ? try WAVRecorder(beside: wanted.path) : try WAVRecorder(path: wanted.path)
            transcript = (wanted.path, file)
            events.append(.recording(id, file.path))
        } catch {
            events.append(.failed(id, error))
        }
        return events
    }

    private mutating func record(_ frame: [Int16]) -> [MediaEvent] {
        guard let trouble = recorder?.append(frame) else { return [] }
        _ = recorder?.finish()
        recorder = nil
        return [.failed(id, trouble)]
    }

    private func translate(_ event: CallAudio.Event) -> MediaEvent {
        switch event {
        case .started: .started(id)
        case .stalled: .stalled(id)
        case .digit(let character): .digit(id, character)
        case .digitsSent(let digits): .digitsSent(id, digits)
        case .counters(let counters): .counters(id, counters)
        case .ended(let counters): .closed(id, counters)
        }
    }
}
