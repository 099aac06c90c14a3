using System.Runtime.CompilerServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>__u32 padding[5], which must be zero.</summary>
[InlineArray(5)]
internal struct Padding5
{
    private uint _first;
}
