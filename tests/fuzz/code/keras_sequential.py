from keras.layers import LSTM, BatchNormalization, Bidirectional, Conv2D, Dense, Dropout, Flatten, MaxPool2D, Reshape
from keras.models import Sequential

model = Sequential(name="net")
model.add(Conv2D(8, (3, 3), activation="relu", padding="same", input_shape=(32, 32, 3)))
for width in (8, 12):
    model.add(Conv2D(width, 3, strides=(2, 2)))
    model.add(BatchNormalization())
model.add(MaxPool2D((2, 2)))
model.add(Reshape((9, 12)))
model.add(Bidirectional(LSTM(5, return_sequences=True)))
model.add(Flatten())
model.add(Dropout(0.5))
model.add(Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="mse")
if __name__ == "__main__":
    model.fit(None)
