using System.Runtime.InteropServices;
using System.Text;

namespace LmPlayground.Models.Tests.Onnx;

/// <summary>Writes small ONNX models for tests. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.</summary>
internal sealed class OnnxWriter
{
    private readonly Message _graph = new();

    public enum Element
    {
        Float = 1,
        Int32 = 6,
        Int64 = 7,
        Text = 8,
        Bool = 9,
        Half = 10,
    }

    public int Opset { get; init; } = 17;

    public OnnxWriter Input(string name, Element type, params object[] shape)
    {
        _graph.Add(11, Value(name, type, shape));
        return this;
    }

    public OnnxWriter Output(string name, Element type, params object[] shape)
    {
        _graph.Add(12, Value(name, type, shape));
        return this;
    }

    public OnnxWriter Node(string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes) =>
        Node("", type, inputs, outputs, attributes);

    public OnnxWriter Node(string domain, string type, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        Message node = new();
        foreach (var input in inputs)
            node.Add(1, input);
        foreach (var output in outputs)
            node.Add(2, output);
        node.Add(4, type).Add(7, domain);
        foreach (var (name, value) in attributes)
        {
            var attribute = new Message().Add(1, name);
            if (value is int number)
                attribute.Add(3, number).Add(20, 2);
            else if (value is long[] numbers)
                attribute.Add(8, numbers).Add(20, 7);
            else if (value is OnnxWriter branch)
                attribute.Add(6, new Message(branch._graph).Add(2, name)).Add(20, 5);
            node.Add(5, attribute);
        }

        _graph.Add(1, node);
        return this;
    }

    public OnnxWriter Constant(string name, Element type, long[] dims, ReadOnlySpan<byte> raw)
    {
        _graph.Add(5, Tensor(name, type, dims).Add(9, raw));
        return this;
    }

    public OnnxWriter Constant(string name, long[] dims, params float[] values) =>
        Constant(name, Element.Float, dims, MemoryMarshal.AsBytes<float>(values));

    public OnnxWriter Constant(string name, long[] dims, params long[] values) =>
        Constant(name, Element.Int64, dims, MemoryMarshal.AsBytes<long>(values));

    public OnnxWriter External(string name, Element type, long[] dims, string location, int length)
    {
        var tensor = Tensor(name, type, dims).Add(14, 1);
        foreach (var (key, value) in new[] { ("location", location), ("offset", "0"), ("length", $"{length}") })
            tensor.Add(13, new Message().Add(1, key).Add(2, value));
        _graph.Add(5, tensor);
        return this;
    }

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var model = new Message().Add(1, 8).Add(7, new Message(_graph).Add(2, "graph"));
        model.Add(8, new Message().Add(1, "").Add(2, Opset)).Add(8, new Message().Add(1, "com.microsoft").Add(2, 1));
        File.WriteAllBytes(path, model.ToArray());
    }

    private static Message Tensor(string name, Element type, long[] dims)
    {
        Message tensor = new();
        foreach (var dim in dims)
            tensor.Add(1, dim);
        return tensor.Add(2, (int)type).Add(8, name);
    }

    private static Message Value(string name, Element type, object[] shape)
    {
        Message dimensions = new();
        foreach (var dim in shape)
            dimensions.Add(1, dim is int length ? new Message().Add(1, length) : new Message().Add(2, (string)dim));
        var tensor = new Message().Add(1, (int)type).Add(2, dimensions);
        return new Message().Add(1, name).Add(2, new Message().Add(1, tensor));
    }

    private sealed class Message
    {
        private readonly List<byte> _bytes = [];

        public Message()
        {
        }

        public Message(Message other)
        {
            _bytes.AddRange(other._bytes);
        }

        public Message Add(int field, long value)
        {
            Varint((ulong)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Message Add(int field, long[] values)
        {
            foreach (var value in values)
                Add(field, value);
            return this;
        }

        public Message Add(int field, ReadOnlySpan<byte> content)
        {
            Varint(((ulong)field << 3) | 2);
            Varint((ulong)content.Length);
            _bytes.AddRange(content);
            return this;
        }

        public Message Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text).AsSpan());

        public Message Add(int field, Message inner) => Add(field, inner.ToArray().AsSpan());

        public byte[] ToArray() => [.. _bytes];

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                _bytes.Add((byte)(value | 0x80));
            _bytes.Add((byte)value);
        }
    }
}
