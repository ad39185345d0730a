package import SansIO

/// Randomness of the operating system, for branches, tags and nonces that nobody can predict.
package enum SystemEntropy {
    package static func make() -> Entropy { Entropy(SystemRandomNumberGenerator()) }
}
