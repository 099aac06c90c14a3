using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>One step of a program.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Argument">The number of a set, an assertion, or where else to go on.</param>
/// <param name="Next">Where to go on.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RegexpInstruction(RegexpInstructionKind Kind, int Argument, int Next);
