namespace Kuzzle.Edge.Protocols.Drogue;

/// <summary>Whose commands a filter asks for.</summary>
internal enum InboxKind
{
    /// <summary>Those of the connected device.</summary>
    Own,

    /// <summary>Those of one device, which it names.</summary>
    Named,

    /// <summary>Those of the connected device and of all whose gateway it is.</summary>
    All,
}
