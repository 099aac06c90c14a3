namespace Kuzzle.Edge.Devices.Registry.Secrets;

/// <summary>What is kept of a password, so that it can be checked and not be read.</summary>
internal interface ISecretHash
{
    /// <summary>The line that it is stored as. A secret: who has it can try passwords at leisure.</summary>
    string Text { get; }

    /// <summary>Its scheme, as documents name it.</summary>
    string Scheme { get; }

    /// <summary>Whether this is the password. Slow on purpose, and equally slow for right and wrong ones.</summary>
    bool Verify(string password);
}
